/**
 * `sallyport check`: parses and checks policies, their tests included, and evaluates nothing.
 */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { compilePolicies } from '../../../engine/policy-set.ts';
import type { Diagnostic } from '../../../lang/diagnostic.ts';
import { renderDiagnostic } from '../../../lang/render.ts';
import { positionAt } from '../../../lang/source.ts';
import { loadConfig } from '../../config/load.ts';
import { ControlError } from '../../error.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { EXIT } from '../exit-codes.ts';
import { configOption, type Format, formatOption } from '../options.ts';
import { printJson } from '../print.ts';
import { createScenarioBuiltins } from '../scenario-builtins.ts';

interface CheckOptions {
  readonly config: string;
  readonly format: Format;
}

export function register(program: Command): void {
  program
    .command('check')
    .description('check policies: syntax, names, safety, conflicts; 1 when there are errors')
    .argument('[PATHS...]', 'files and folders; those of the configuration when left out')
    .addOption(configOption())
    .addOption(formatOption())
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
      const count = files.policies.length + files.tests.length;
      const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
      if (options.format === 'json')
        printJson({ files: count, diagnostics: diagnostics.map(toMessage) });
      else {
        const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
        for (const diagnostic of diagnostics)
          console.log(`${renderDiagnostic(diagnostic, { colour })}\n`);
        console.log(
          errors === 0
            ? `${plural(count, 'file')} checked, no errors`
            : `${plural(errors, 'error')} in ${plural(count, 'file')}`,
        );
      }
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

function toMessage(diagnostic: Diagnostic): object {
  const { source, span, related } = diagnostic;
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    file: source.name,
    start: positionAt(source, span.start),
    end: positionAt(source, span.end),
    ...(diagnostic.help === undefined ? {} : { help: diagnostic.help }),
    ...(related === undefined
      ? {}
      : {
          related: related.map((place) => ({
            message: place.message,
            file: place.source.name,
            start: positionAt(place.source, place.span.start),
            end: positionAt(place.source, place.span.end),
          })),
        }),
  };
}
