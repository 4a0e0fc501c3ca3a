/**
 * `sallyport test`: runs the `test_*` rules of policies, tells got and want of those that fail, and measures what they cover.
 */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ControlError } from '../../error.ts';
import { watchPolicies } from '../../policies/watch.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../find-paths.ts';
import { configOption } from '../options.ts';
import {
  COVERAGE_FORMATS,
  type CoverageFormat,
  runPolicyTests,
  TEST_FORMATS,
  type TestFormat,
} from '../test-run.ts';
import { MAX_THREADS } from '../test-threads.ts';
import { untilStopped } from '../until-stopped.ts';

interface TestOptions {
  readonly config: string;
  readonly run?: string;
  readonly format: TestFormat;
  readonly coverage?: readonly CoverageFormat[];
  readonly output?: string;
  readonly threshold?: string;
  readonly bench?: boolean;
  readonly parallel?: string;
  readonly watch?: boolean;
  readonly verbose?: boolean;
}

export function register(program: Command): void {
  program
    .command('test')
    .description(
      'run the tests of policies; exit code 1 when one fails or coverage is below the threshold',
    )
    .argument('[PATHS...]', 'files and folders; those of the configuration when left out')
    .option('--run <REGEX>', 'only tests whose package and name match')
    .addOption(
      new Option('--format <FORMAT>', 'how to print').choices(TEST_FORMATS).default('text'),
    )
    .addOption(
      new Option(
        '--coverage <FORMAT>',
        `measure what the tests cover, once or more often: ${COVERAGE_FORMATS.join(', ')}`,
      ).argParser(addCoverage),
    )
    .option('--output <FILE>', 'where the coverage goes; printed when left out and it is text')
    .option('--threshold <PERCENT>', 'the least share of expressions that must be covered')
    .option('--parallel <N>', 'the most threads to run tests on; as many as fit when left out')
    .option('--bench', 'measure how often a second each test that passes can run')
    .option('--watch', 'run again whenever a file changes')
    .option('--verbose', 'list tests that pass too')
    .addOption(configOption())
    .action(async (asked: readonly string[], options: TestOptions) => {
      const paths = await findPaths(asked, options.config);
      const run = (): Promise<boolean> =>
        runPolicyTests({
          paths,
          filter: readFilter(options.run),
          format: options.format,
          coverage: readCoverage(options),
          output: options.output,
          threshold: readThreshold(options.threshold),
          bench: options.bench ?? false,
          threads: readThreads(options.parallel),
          verbose: options.verbose ?? false,
        });
      const passed = options.watch ? await runOnChange(paths, run) : await run();
      process.exitCode = passed ? EXIT.ok : EXIT.findings;
    });
}

function addCoverage(
  text: string,
  before: readonly CoverageFormat[] | undefined,
): readonly CoverageFormat[] {
  const format = COVERAGE_FORMATS.find((one) => one === text);
  if (format === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${COVERAGE_FORMATS.join(', ')}.`);
  return [...new Set([...(before ?? []), format])];
}

function readCoverage({ coverage = [], output }: TestOptions): readonly CoverageFormat[] {
  if (output === undefined || coverage.length <= 1) return coverage;
  throw new ControlError('usage/invalid', '--output is for one format of coverage', {
    hint: 'leave it out: each format has a file of its own',
  });
}

function readFilter(pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch (cause) {
    throw new ControlError('usage/invalid', `\`${pattern}\` is not a regular expression`, {
      cause,
      hint: 'it is matched against names such as shop.database_test.test_engineer_reads',
    });
  }
}

function readThreshold(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(text);
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent;
  throw new ControlError('usage/invalid', `\`${text}\` is not a percentage`, {
    hint: 'write a number from 0 to 100',
  });
}

function readThreads(text: string | undefined): number {
  if (text === undefined) return Math.min(availableParallelism(), MAX_THREADS);
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count;
  throw new ControlError('usage/invalid', `\`${text}\` is not a number of threads`, {
    hint: `write a whole number from 1 to ${MAX_THREADS}`,
  });
}

/** Runs until it is stopped. A fault of the files is told and waited out; the last run counts. */
async function runOnChange(
  paths: readonly string[],
  run: () => Promise<boolean>,
): Promise<boolean> {
  let passed = false;
  let queue = Promise.resolve();
  const runOnce = async (): Promise<void> => {
    try {
      passed = await run();
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      passed = false;
      for (const detail of error.details) console.error(`${detail}\n`);
      console.error(`error[${error.code}]: ${error.message}`);
    }
    console.error('waiting for a change; Ctrl-C stops');
  };
  const watch = watchPolicies(
    paths,
    () => {
      queue = queue.then(runOnce);
    },
    (error) => console.error(error),
  );
  // A watch alone does not keep the process.
  const alive = setInterval(() => undefined, 60_000);
  await runOnce();
  await untilStopped();
  clearInterval(alive);
  watch.close();
  await queue;
  return passed;
}
