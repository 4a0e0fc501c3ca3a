/**
 * A fault in the user's text, as a value. Nothing in `lang/` throws for bad input: it returns these.
 * Message grammar: one lower-case clause without a full stop, user text in back-ticks, no host-language names;
 * advice goes into `help`, a second place into `related`.
 */
import type { DiagnosticCode, LintCode } from './codes.ts';
import type { Source, Span } from './source.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  readonly code: DiagnosticCode | LintCode;
  readonly severity: Severity;
  readonly message: string;
  readonly source: Source;
  readonly span: Span;
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly source: Source;
  readonly span: Span;
  readonly message: string;
}
