/** Calls of builtins that give another result than in OPA, and are meant to. Everything else that is found is a fault. */

export interface BuiltinDifference {
  readonly name: string;
  /** The arguments as a JSON list. */
  readonly call: string;
  /** Results as JSON text, or why there is none. */
  readonly own: string;
  readonly opa: string;
}

interface MeantDifference {
  readonly id: string;
  readonly reason: string;
  covers(difference: BuiltinDifference): boolean;
}

export const MEANT_BUILTIN_DIFFERENCES: readonly MeantDifference[] = [
  {
    id: 'number-that-is-no-json',
    reason:
      'OPA takes the text as it is for a number, and fails when it writes the result; here it is the number that the text stands for',
    covers: ({ name, opa }) => name === 'to_number' && opa === 'failed: internal_error',
  },
  {
    id: 'inside-of-a-big-integer',
    reason: '`%p` and `%w` show where and how Go keeps a big integer',
    covers: ({ name, call }) => name === 'sprintf' && /%[^a-zA-Z%]*[pw]/.test(call),
  },
];
