/** Numbers of YAML with a base or with `_` among their digits, as `go-yaml` 3 reads them (`resolve.go`): by Go's literals, `_` left out. */

const IN_QUESTION = /^[-+]?0[xXoObB]|_/;
const START = /^[-+.\d]/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
/** A sign may stand behind these prefixes. */
const LATE_SIGN = /^(-?)0([ob])([-+][0-7]+)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const MAX_UNSIGNED = 2n ** 64n;

/** Whether the spelling of a plain scalar is one the library might take for another number, or for none. */
export function isUnusualNumber(source: string): boolean {
  return IN_QUESTION.test(source) && START.test(source);
}

/** The number such a scalar is, or its text. */
export function readUnusualNumber(source: string): number | bigint | string {
  if (source.startsWith('.')) return source;
  const plain = source.replaceAll('_', '');
  const whole = readInteger(plain) ?? readLateSign(plain);
  if (whole !== undefined && whole < MAX_UNSIGNED && whole >= -MAX_UNSIGNED / 2n) return whole;
  const double = Number(plain);
  return FLOAT.test(plain) && Number.isFinite(double) ? double : source;
}

function readInteger(plain: string): bigint | undefined {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(plain) ?? [];
  const digits = hex ?? binary ?? octal ?? decimal;
  if (digits === undefined) return undefined;
  const prefix = hex ? '0x' : binary ? '0b' : octal ? '0o' : '';
  const magnitude = BigInt(prefix + digits);
  return sign === '-' ? -magnitude : magnitude;
}

function readLateSign(plain: string): bigint | undefined {
  const [, sign, base, digits = ''] = LATE_SIGN.exec(plain) ?? [];
  if (base === undefined || (base === 'b' && !/^[-+][01]+$/.test(digits))) return undefined;
  const magnitude = BigInt(`0${base}${digits.slice(1)}`);
  return (sign === '-') === digits.startsWith('-') ? magnitude : -magnitude;
}
