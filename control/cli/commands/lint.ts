/**
 * `sallyport lint`: what is right by the language and still likely wrong. Fixes are written only where what comes out still parses.
 */
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { lintContract } from '../../../engine/lint-contract.ts';
import type { Diagnostic } from '../../../lang/diagnostic.ts';
import { applyEdits } from '../../../lang/lint/fix.ts';
import { type Finding, lintModules } from '../../../lang/lint/lint.ts';
import type { LintModule } from '../../../lang/lint/rule.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';
import { parseModule } from '../../../lang/parse.ts';
import type { Source } from '../../../lang/source.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { affectedBy } from '../affected-files.ts';
import { changedSince } from '../changed-files.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../find-paths.ts';
import { FINDING_FORMATS, type FindingFormat, printFindings } from '../findings-report.ts';
import { makeSettingOf } from '../lint-config.ts';
import { configOption, sinceOption } from '../options.ts';
import { plural } from '../print.ts';

interface LintOptions {
  readonly config: string;
  readonly format: FindingFormat;
  readonly fix?: true;
  readonly since?: string;
}

export function register(program: Command): void {
  program
    .command('lint')
    .description('find what is valid and still likely wrong; exit code 1 when something is found')
    .argument('[PATHS...]', 'files and folders; those of the configuration when left out')
    .addOption(configOption())
    .addOption(sinceOption())
    .option('--fix', 'write the fixes of the rules that have one')
    .addOption(
      new Option('--format <FORMAT>', 'how to print').choices(FINDING_FORMATS).default('text'),
    )
    .action(async (paths: readonly string[], options: LintOptions) => {
      const files = readPolicyFiles(await findPaths(paths, options.config), undefined, 'tests');
      let sources: readonly Source[] = [...files.policies, ...files.tests];
      const settings = { settingOf: makeSettingOf(LINT_RULES), contract: lintContract() };
      const asked =
        options.since === undefined
          ? new Set(sources)
          : affectedBy(files, changedSince(options.since));
      const names = new Set([...asked].map(({ name }) => name));
      // Rules look at other modules too: all are read, and only what is asked for is told.
      const lintAll = (): ReturnType<typeof parseAll> & { findings: readonly Finding[] } => {
        const { modules, faults } = parseAll(sources);
        const isAsked = ({ source }: Diagnostic): boolean => names.has(source.name);
        const findings = lintModules(modules, LINT_RULES, settings);
        return {
          modules,
          faults: faults.filter(isAsked),
          findings: findings.filter(({ diagnostic }) => isAsked(diagnostic)),
        };
      };
      let { faults, findings } = lintAll();
      if (options.fix === true) {
        sources = sources.map((source) => fixOne(source, findings));
        ({ faults, findings } = lintAll());
      }
      const linted = sources.filter(({ name }) => names.has(name));
      const diagnostics = [...faults, ...findings.map(({ diagnostic }) => diagnostic)];
      printFindings(
        {
          command: 'lint',
          key: 'findings',
          sources: linted,
          diagnostics,
          rules: () =>
            LINT_RULES.map(({ id, help, level }) => ({ id: `lint/${id}`, text: help, level })),
          summary: () => {
            const fixable = findings.filter(({ fix }) => fix !== undefined).length;
            const hint = fixable === 0 ? '' : `, ${fixable} of them fixed by --fix`;
            return `${plural(diagnostics.length, 'finding')} in ${plural(linted.length, 'file')}${hint}`;
          },
        },
        options.format,
      );
      process.exitCode = findings.length + faults.length === 0 ? EXIT.ok : EXIT.findings;
    });
}

function parseAll(sources: readonly Source[]): {
  readonly modules: readonly LintModule[];
  readonly faults: readonly Diagnostic[];
} {
  const modules: LintModule[] = [];
  const faults: Diagnostic[] = [];
  for (const source of sources) {
    const { module, diagnostics } = parseModule(source);
    faults.push(...diagnostics);
    if (module !== undefined && diagnostics.length === 0) modules.push({ source, module });
  }
  return { modules, faults };
}

function fixOne(source: Source, findings: readonly Finding[]): Source {
  const edits = findings.flatMap(({ diagnostic, fix }) =>
    fix !== undefined && diagnostic.source === source ? [fix] : [],
  );
  const { text, applied } = applyEdits(source.text, edits);
  const fixed = { name: source.name, text };
  if (applied === 0 || parseModule(fixed).diagnostics.length > 0) return source;
  writeFileSync(source.name, text);
  return fixed;
}
