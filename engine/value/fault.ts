/**
 * What a builtin answers when it cannot: an error that is a value, never thrown. The evaluator turns it into `undefined`, or
 * into the error of the query under strict builtin errors. Names of the codes are OPA's (topdown errors).
 */

export type BuiltinFaultCode = 'eval_builtin_error' | 'eval_type_error' | 'eval_limit_error';

/** An error a builtin returns; `message` has no `name:` prefix, the caller adds the builtin's name. */
export class BuiltinFault {
  readonly fault = true;
  readonly code: BuiltinFaultCode;
  readonly message: string;

  constructor(code: BuiltinFaultCode, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** The builtin understood its operands and failed: division by zero, malformed text. */
export function builtinError(message: string): BuiltinFault {
  return new BuiltinFault('eval_builtin_error', message);
}

/** An operand has the wrong type. */
export function typeError(message: string): BuiltinFault {
  return new BuiltinFault('eval_type_error', message);
}

/** A named limit of this implementation was met; unlike the others it is never silently `undefined`. */
export function limitError(message: string): BuiltinFault {
  return new BuiltinFault('eval_limit_error', message);
}

export function isFault(result: unknown): result is BuiltinFault {
  return result instanceof BuiltinFault;
}
