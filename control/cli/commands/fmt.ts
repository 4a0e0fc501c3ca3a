/**
 * `sallyport fmt`: the one layout of policy files. A file with faults, or one the formatter would change the meaning of, is left
 * as it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { formatSource } from '../../../lang/format/format.ts';
import { renderDiagnostic } from '../../../lang/render.ts';
import type { Source } from '../../../lang/source.ts';
import { ControlError } from '../../error.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { changedAmong } from '../affected-files.ts';
import { changedSince } from '../changed-files.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../find-paths.ts';
import { diffLines } from '../line-diff.ts';
import { configOption, sinceOption } from '../options.ts';

interface FmtOptions {
  readonly config: string;
  readonly write?: true;
  readonly check?: true;
  readonly diff?: true;
  readonly since?: string;
}

export function register(program: Command): void {
  program
    .command('fmt')
    .description('format policies; prints the result without --write, --check or --diff')
    .argument('[PATHS...]', 'files and folders, `-` for standard input; else as configured')
    .addOption(configOption())
    .addOption(new Option('-w, --write', 'write files whose layout differs').conflicts('check'))
    .addOption(sinceOption())
    .option('--check', 'list files whose layout differs; exit code 1 when there are any')
    .option('--diff', 'show what would change; exit code 1 when anything would')
    .action(async (paths: readonly string[], options: FmtOptions) => {
      const isInput = paths.includes('-');
      if (isInput && (paths.length > 1 || options.write === true))
        throw new ControlError('usage/invalid', '`-` stands alone, and cannot be written to', {
          hint: 'use `sallyport fmt - < FILE`',
        });
      const read = isInput ? [readInput()] : readSources(await findPaths(paths, options.config));
      // The layout of a file depends on no other: what a change affects elsewhere needs no look.
      const sources =
        options.since === undefined || isInput
          ? read
          : [...changedAmong(read, changedSince(options.since))];
      const outcomes = sources.map((source) => formatOne(source, options));
      if (options.write === true) {
        const written = outcomes.filter((outcome) => outcome === 'differs').length;
        console.log(`${written} of ${sources.length} files written`);
      }
      const asks = options.check === true || options.diff === true;
      const isFinding = outcomes.some(
        (outcome) => outcome === 'unreadable' || (asks && outcome === 'differs'),
      );
      process.exitCode = isFinding ? EXIT.findings : EXIT.ok;
    });
}

function readInput(): Source {
  return { name: '<stdin>', text: readFileSync(0, 'utf8') };
}

function readSources(paths: readonly string[]): readonly Source[] {
  const { policies, tests } = readPolicyFiles(paths);
  return [...policies, ...tests];
}

function formatOne(source: Source, options: FmtOptions): 'same' | 'differs' | 'unreadable' {
  const result = formatSource(source);
  if (result.kind === 'changed-meaning')
    throw new ControlError(
      'format/changed-meaning',
      `formatting ${source.name} would have changed what it says; it was left as it is`,
      { hint: 'this is a fault of the formatter; please report it with the file' },
    );
  if (result.kind === 'unreadable') {
    const colour = process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined;
    for (const diagnostic of result.diagnostics)
      console.error(`${renderDiagnostic(diagnostic, { colour })}\n`);
    return 'unreadable';
  }
  const { text } = result;
  const differs = text !== source.text;
  if (options.diff === true) {
    if (differs) console.log(diffLines(source.name, source.text, text));
  } else if (options.check === true) {
    if (differs) console.log(source.name);
  } else if (options.write !== true) process.stdout.write(text);
  if (differs && options.write === true) writeFileSync(source.name, text);
  return differs ? 'differs' : 'same';
}
