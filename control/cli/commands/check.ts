/**
 * `sallyport check`: parses and checks policies, their tests included, and evaluates nothing.
 */
import { type Command, Option } from 'commander';
import { DIAGNOSTIC_CODES } from '../../../lang/codes.ts';
import type { Diagnostic } from '../../../lang/diagnostic.ts';
import type { JsonSchema } from '../../../lang/types/schema.ts';
import { type PolicyFiles, readPolicyFiles } from '../../policies/read-files.ts';
import { readSchemas } from '../../policies/read-schemas.ts';
import { cacheFolder } from '../cache-folder.ts';
import { checkKey, readChecked, writeChecked } from '../check-cache.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../find-paths.ts';
import { FINDING_FORMATS, type FindingFormat, printFindings } from '../findings-report.ts';
import { configOption, schemaOption, sinceOption } from '../options.ts';
import { plural } from '../print.ts';

interface CheckOptions {
  readonly config: string;
  readonly format: FindingFormat;
  readonly cache: boolean;
  readonly since?: string;
  readonly schema?: string;
}

export function register(program: Command): void {
  program
    .command('check')
    .description(
      'check policies: syntax, names, safety, conflicts, types; exit code 1 when there are errors',
    )
    .argument('[PATHS...]', 'files and folders; those of the configuration when left out')
    .addOption(configOption())
    .addOption(
      new Option('--format <FORMAT>', 'how to print').choices(FINDING_FORMATS).default('text'),
    )
    .addOption(sinceOption())
    .addOption(schemaOption())
    .option('--no-cache', 'check anew, whatever was found in the same files before')
    .action(async (paths: readonly string[], options: CheckOptions) => {
      const files = readPolicyFiles(await findPaths(paths, options.config), undefined, 'tests');
      const schemas = options.schema === undefined ? undefined : readSchemas(options.schema);
      const found = await findDiagnostics(files, schemas, options.cache);
      const diagnostics =
        options.since === undefined ? found : await selectSince(found, files, options.since);
      const sources = [...files.policies, ...files.tests];
      const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
      const count = plural(sources.length, 'file');
      printFindings(
        {
          command: 'check',
          key: 'diagnostics',
          sources,
          diagnostics,
          rules: () =>
            Object.entries(DIAGNOSTIC_CODES).map(([id, text]) => ({ id, text, level: 'error' })),
          summary: () =>
            errors === 0 ? `${count} checked, no errors` : `${plural(errors, 'error')} in ${count}`,
        },
        options.format,
      );
      process.exitCode = errors === 0 ? EXIT.ok : EXIT.findings;
    });
}

/** From the cache where the same was checked before. The compiler is loaded only when there is something to compile. */
async function findDiagnostics(
  files: PolicyFiles,
  schemas: Readonly<Record<string, JsonSchema>> | undefined,
  useCache: boolean,
): Promise<readonly Diagnostic[]> {
  const folder = cacheFolder(process.env);
  const options = `contract ${JSON.stringify(schemas ?? {})}`;
  const key = useCache ? checkKey(files, options) : undefined;
  const known = key === undefined ? undefined : readChecked(folder, key, files);
  if (known !== undefined) return known;
  const { checkFiles } = await import('../check-files.ts');
  const diagnostics = checkFiles(files, schemas);
  if (key !== undefined) writeChecked(folder, key, files, diagnostics);
  return diagnostics;
}

/**
 * What is of the files a change affects. An error elsewhere ends the check before all is found in these, so where it is the only
 * kind there is, everything is told.
 */
async function selectSince(
  found: readonly Diagnostic[],
  files: PolicyFiles,
  revision: string,
): Promise<readonly Diagnostic[]> {
  const { affectedBy } = await import('../affected-files.ts');
  const { changedSince } = await import('../changed-files.ts');
  const affected = affectedBy(files, changedSince(revision));
  const selected = found.filter(
    ({ source, related = [] }) =>
      affected.has(source) || related.some((place) => affected.has(place.source)),
  );
  const hasError = (all: readonly Diagnostic[]): boolean =>
    all.some(({ severity }) => severity === 'error');
  return hasError(found) && !hasError(selected) ? found : selected;
}
