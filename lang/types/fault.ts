/** A type fault before it is a diagnostic: the checker's own record, with the types that do not fit. */
import type { Span } from '../source.ts';

export type TypeFaultCode =
  | 'type/match'
  | 'type/argument'
  | 'type/arity'
  | 'type/undefined-field'
  | 'type/function-value';

export interface TypeFault {
  readonly code: TypeFaultCode;
  readonly span: Span;
  readonly message: string;
  readonly help: string | undefined;
  /** The fault lies in a part whose type is not known, often the consequence of another fault beside it. */
  readonly ofUnknown: boolean;
}
