/**
 * Findings as SARIF 2.1.0, for code scanning of CI systems. https://docs.oasis-open.org/sarif/sarif/v2.1.0/
 */
import type { Finding } from '../../lang/lint/lint.ts';
import type { LintRule } from '../../lang/lint/rule.ts';
import { positionAt } from '../../lang/source.ts';
import { VERSION } from '../version.ts';

/** The log of one run. */
export function toSarif(findings: readonly Finding[], rules: readonly LintRule[]): object {
  const driver = {
    name: 'sallyport',
    version: VERSION,
    rules: rules.map(({ id, help, level }) => ({
      id: `lint/${id}`,
      shortDescription: { text: help },
      defaultConfiguration: level === 'off' ? { enabled: false } : { level },
    })),
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        // Spans are counted in the units SARIF calls by this name.
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => toResult(finding, rules)),
      },
    ],
  };
}

function toResult({ diagnostic, rule }: Finding, rules: readonly LintRule[]): object {
  const { source, span } = diagnostic;
  const start = positionAt(source, span.start);
  const end = positionAt(source, span.end);
  return {
    ruleId: diagnostic.code,
    ruleIndex: rules.indexOf(rule),
    level: diagnostic.severity === 'error' ? 'error' : 'warning',
    message: { text: `${diagnostic.message}; ${rule.help}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: source.name.split(/[/\\]/).map(encodeURIComponent).join('/') },
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
          },
        },
      },
    ],
  };
}
