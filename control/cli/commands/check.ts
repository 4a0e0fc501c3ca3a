/**
 * `sallyport check`: parses and checks policies, their tests included, and evaluates nothing.
 */
import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { compilePolicies } from '../../../engine/policy-set.ts';
import { DIAGNOSTIC_CODES } from '../../../lang/codes.ts';
import type { Diagnostic } from '../../../lang/diagnostic.ts';
import type { Source } from '../../../lang/source.ts';
import { loadConfig } from '../../config/load.ts';
import { ControlError } from '../../error.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { EXIT } from '../exit-codes.ts';
import {
  FINDING_FORMATS,
  type FindingFormat,
  junitOf,
  printAnnotations,
  printFindingsJson,
  printText,
} from '../findings-report.ts';
import { configOption } from '../options.ts';
import { printJson } from '../print.ts';
import { toSarif } from '../sarif.ts';
import { createScenarioBuiltins } from '../scenario-builtins.ts';

interface CheckOptions {
  readonly config: string;
  readonly format: FindingFormat;
}

export function register(program: Command): void {
  program
    .command('check')
    .description('check policies: syntax, names, safety, conflicts; 1 when there are errors')
    .argument('[PATHS...]', 'files and folders; those of the configuration when left out')
    .addOption(configOption())
    .addOption(
      new Option('--format <FORMAT>', 'how to print').choices(FINDING_FORMATS).default('text'),
    )
    .action((paths: readonly string[], options: CheckOptions) => {
      const files = readPolicyFiles(findPaths(paths, options.config));
      const { diagnostics } = compilePolicies(
        { policies: [...files.policies, ...files.tests], data: files.data },
        {
          allowMocked: true,
          inputSchema: 'contract',
          builtins: createScenarioBuiltins().builtins,
        },
      );
      const sources = [...files.policies, ...files.tests];
      const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
      printChecked(diagnostics, errors, sources, options.format);
      process.exitCode = errors === 0 ? EXIT.ok : EXIT.findings;
    });
}

/** Policy paths of the command line, else of the configuration, else the folder `policies`. */
export function findPaths(paths: readonly string[], config: string): readonly string[] {
  if (paths.length > 0) return paths;
  if (existsSync(config)) return loadConfig(config).policyPaths;
  if (existsSync('policies')) return ['policies'];
  throw new ControlError('usage/invalid', 'there is nothing to read', {
    hint: 'name files or folders, or run this beside sallyport.yaml',
  });
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function printChecked(
  diagnostics: readonly Diagnostic[],
  errors: number,
  sources: readonly Source[],
  format: FindingFormat,
): void {
  switch (format) {
    case 'sarif':
      printJson(
        toSarif(
          diagnostics,
          Object.entries(DIAGNOSTIC_CODES).map(([id, text]) => ({ id, text, level: 'error' })),
        ),
      );
      return;
    case 'json':
      printFindingsJson('diagnostics', sources.length, diagnostics);
      return;
    case 'github':
      printAnnotations(diagnostics);
      return;
    case 'junit':
      process.stdout.write(junitOf('check', sources, diagnostics));
      return;
    case 'text': {
      printText(diagnostics);
      const count = plural(sources.length, 'file');
      console.log(
        errors === 0 ? `${count} checked, no errors` : `${plural(errors, 'error')} in ${count}`,
      );
    }
  }
}
