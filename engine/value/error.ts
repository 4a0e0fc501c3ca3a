/**
 * The one error class of engine/value: a program handed in something that is no Rego value, which no policy or input text can cause, or
 * a value is too large to be written (`value/too-large`), which ends an evaluation with `eval_limit_error`.
 */

export type ValueErrorCode =
  | 'value/not-representable'
  | 'value/too-deep'
  | 'value/too-large'
  | 'value/unsound-text';

export class ValueError extends Error {
  readonly code: ValueErrorCode;

  constructor(code: ValueErrorCode, message: string) {
    super(message);
    this.name = 'ValueError';
    this.code = code;
  }
}
