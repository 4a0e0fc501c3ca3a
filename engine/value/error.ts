/** The one error class of engine/value: a program handed in something that is no Rego value. Never caused by a policy or its input text. */

export type ValueErrorCode = 'value/not-representable' | 'value/too-deep' | 'value/unsound-text';

export class ValueError extends Error {
  readonly code: ValueErrorCode;

  constructor(code: ValueErrorCode, message: string) {
    super(message);
    this.name = 'ValueError';
    this.code = code;
  }
}
