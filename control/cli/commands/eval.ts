/**
 * `sallyport eval`: a query against policies, with the input one gives. Prints every solution.
 */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type Binding, evaluateQuery } from '../../../engine/evaluate.ts';
import type { PolicySet } from '../../../engine/policy-set.ts';
import { type PreparedQuery, prepareQuery } from '../../../engine/prepare-query.ts';
import { describeError } from '../../../engine/run/failure.ts';
import { quoteJson, readJson, writeJson } from '../../../engine/value/json.ts';
import type { Value } from '../../../engine/value/value.ts';
import { ControlError } from '../../error.ts';
import { compileWith, renderAll } from '../../policies/compile.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { readSchemas } from '../../policies/read-schemas.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../find-paths.ts';
import { configOption, type Format, formatOption, schemaOption } from '../options.ts';
import { harmless } from '../print.ts';

interface EvalOptions {
  readonly config: string;
  readonly format: Format;
  readonly data: readonly string[];
  readonly input?: string;
  readonly strictBuiltinErrors?: boolean;
  readonly schema?: string;
}

/** Name under which the value of a single expression is shown. */
const RESULT = 'result';

const collect = (path: string, before: readonly string[]): readonly string[] => [...before, path];

export function register(program: Command): void {
  program
    .command('eval')
    .description('evaluate a query; exit code 1 when it has no solution')
    .argument('<QUERY>', 'such as data.access.allow')
    .addOption(
      new Option('-d, --data <PATH>', 'a policy or data file or folder; may be repeated')
        .argParser(collect)
        .default([], 'those of the configuration'),
    )
    .option('-i, --input <FILE>', 'the input document, JSON; - reads standard input')
    .option('--strict-builtin-errors', 'end with the error of a builtin instead of undefined')
    .addOption(schemaOption())
    .addOption(configOption())
    .addOption(formatOption())
    .action(async (query: string, options: EvalOptions) => {
      const paths = await findPaths(options.data, options.config);
      const files = readPolicyFiles(paths, undefined, 'data');
      const schemas = options.schema === undefined ? {} : { schemas: readSchemas(options.schema) };
      const policySet = compileWith(files, { inputSchema: 'none', ...schemas });
      const evaluation = evaluateQuery(policySet, prepare(policySet, query), {
        ...(options.input === undefined ? {} : { input: readInput(options.input) }),
        nowNs: BigInt(Date.now()) * 1_000_000n,
        strictBuiltinErrors: options.strictBuiltinErrors === true,
        print: (line) => console.error(harmless(line)),
      });
      if (!evaluation.ok) throw new ControlError('policy/invalid', describeError(evaluation.error));
      const solutions = evaluation.result;
      if (options.format === 'json')
        console.log(`{"solutions":[${solutions.map(toJson).join(',')}]}`);
      else if (solutions.length === 0) console.log('undefined');
      else for (const solution of solutions) printSolution(solution);
      process.exitCode = solutions.length === 0 ? EXIT.findings : EXIT.ok;
    });
}

/** A query that is one expression is given a name, so that its value is shown and not only that it has one. */
function prepare(policySet: PolicySet, query: string): PreparedQuery {
  const asked = prepareQuery(policySet, query);
  if (asked.query === undefined)
    throw new ControlError('policy/invalid', 'the query has errors', {
      details: renderAll(asked.diagnostics),
    });
  return prepareQuery(policySet, `${RESULT} := ${query}`).query ?? asked.query;
}

/** Numbers are written as the policy has them, however long. */
function toJson(binding: Binding): string {
  const members = Object.entries(binding).map(
    ([name, value]) => `${quoteJson(name)}:${writeJson(value)}`,
  );
  return `{${members.join(',')}}`;
}

function printSolution(binding: Binding): void {
  for (const [name, value] of Object.entries(binding))
    console.log(harmless(name === RESULT ? writeJson(value) : `${name} = ${writeJson(value)}`));
  if (Object.keys(binding).length === 0) console.log('true');
}

function readInput(path: string): Value {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    throw new ControlError('usage/invalid', `the input ${path} cannot be read`, { cause });
  }
  const reading = readJson(text);
  if (reading.ok) return reading.value;
  throw new ControlError(
    'usage/invalid',
    `${path}: ${reading.message} at offset ${reading.offset}`,
    {
      hint: 'the input is one JSON document',
    },
  );
}
