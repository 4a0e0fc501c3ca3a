/** Collects diagnostics: each fault once, a bounded number of them, and a last one that says the bound was met. */
import type { DiagnosticCode } from '../codes.ts';
import type { Diagnostic, RelatedPlace } from '../diagnostic.ts';
import type { Source, Span } from '../source.ts';

export interface Report {
  /** Adds an error; `extra` is advice and a second place. */
  error(
    code: DiagnosticCode,
    source: Source,
    span: Span,
    message: string,
    extra?: { readonly help?: string; readonly related?: readonly RelatedPlace[] },
  ): void;
  /** Errors added so far, including those beyond the bound. */
  errorCount(): number;
  /** In order of source name and place. */
  diagnostics(): readonly Diagnostic[];
}

/** @param limit how many diagnostics are kept */
export function makeReport(limit: number): Report {
  const kept: Diagnostic[] = [];
  const seen = new Set<string>();
  let count = 0;
  return {
    error(code, source, span, message, extra) {
      const key = `${source.name}\0${span.start}\0${code}\0${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      count += 1;
      if (kept.length > limit) return;
      if (kept.length === limit) {
        kept.push({
          code: 'check/limit',
          severity: 'error',
          message: `more than ${limit} faults: the rest is not shown`,
          source,
          span,
        });
        return;
      }
      kept.push({ code, severity: 'error', message, source, span, ...extra });
    },
    errorCount: () => count,
    diagnostics() {
      const last = kept.length > limit ? kept.slice(limit) : [];
      return [...kept.slice(0, limit).sort(byPlace), ...last];
    },
  };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.source.name !== b.source.name) return a.source.name < b.source.name ? -1 : 1;
  return a.span.start - b.span.start;
}
