/**
 * Findings as SARIF 2.1.0, for code scanning of CI systems. https://docs.oasis-open.org/sarif/sarif/v2.1.0/
 */
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { positionAt, type Source, type Span } from '../../lang/source.ts';
import { VERSION } from '../version.ts';

/** A rule of the log: the code its results have, and what is said of it. */
export interface SarifRule {
  readonly id: string;
  readonly text: string;
  readonly level: 'error' | 'warning' | 'off';
}

/** The log of one run. A finding whose code is not among the rules is reported without one's index. */
export function toSarif(diagnostics: readonly Diagnostic[], rules: readonly SarifRule[]): object {
  const driver = {
    name: 'sallyport',
    version: VERSION,
    rules: rules.map(({ id, text, level }) => ({
      id,
      shortDescription: { text },
      defaultConfiguration: level === 'off' ? { enabled: false } : { level },
    })),
  };
  const indexes = new Map(rules.map(({ id }, at) => [id, at]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        // Spans are counted in the units SARIF calls by this name.
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => toResult(diagnostic, indexes)),
      },
    ],
  };
}

function toResult(
  { code, severity, message, help, source, span, related = [] }: Diagnostic,
  indexes: ReadonlyMap<string, number>,
): object {
  const ruleIndex = indexes.get(code);
  return {
    ruleId: code,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: severity === 'info' ? 'note' : severity,
    message: { text: help === undefined ? message : `${message}; ${help}` },
    locations: [toLocation(source, span)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place) => ({
            ...toLocation(place.source, place.span),
            message: { text: place.message },
          })),
        }),
  };
}

function toLocation(source: Source, span: Span): object {
  const start = positionAt(source, span.start);
  const end = positionAt(source, span.end);
  return {
    physicalLocation: {
      artifactLocation: { uri: source.name.split(/[/\\]/).map(encodeURIComponent).join('/') },
      region: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
      },
    },
  };
}
