/** Literals of Go as templates write them: quoted and raw strings, characters, numbers. */
import { bytesOf, textOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError } from '../value/fault.ts';
import { quoteText } from '../value/text.ts';
import { GoNumber } from './template-values.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const ESCAPE =
  /\\(?:([abfnrtv\\'"])|x([\da-fA-F]{2})|([0-7]{3})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y;
const MAX_CODE_POINT = 0x10ffff;
/** A `_` that stands neither between digits nor after the prefix of a base. */
const LOOSE_MARK = /(?<![\dxXoObB])_|_(?!\d)/;
const LOOSE_HEX_MARK = /(?<![\da-fA-FxX])_|_(?![\da-fA-F])/;
const INTEGER = /^([+-]?)(?:0[xX]([\da-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9]\d*))$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A part of a literal: a byte, or a code point. */
type Unit = { readonly byte: number } | { readonly code: number };

/** The text of a string in double quotes. */
export function unquoteString(literal: string): string | BuiltinFault {
  const body = literal.slice(1, -1);
  if (!body.includes('\\')) return body;
  const units = readUnits(body, '"');
  if (units === undefined) return builtinError('template: invalid syntax');
  const pieces = units.map((unit) =>
    'byte' in unit ? Buffer.of(unit.byte) : bytesOf(String.fromCodePoint(unit.code)),
  );
  return textOf(Buffer.concat(pieces));
}

/** The text between backquotes, without carriage returns. */
export function unquoteRaw(literal: string): string {
  return literal.slice(1, -1).replaceAll('\r', '');
}

/** The number a character stands for. */
export function readCharacter(literal: string): GoNumber | BuiltinFault {
  const units = readUnits(literal.slice(1, -1), "'");
  const [unit] = units ?? [];
  if (unit === undefined || units?.length !== 1)
    return builtinError(`template: malformed character constant: ${literal}`);
  return new GoNumber('int', BigInt('byte' in unit ? unit.byte : unit.code));
}

function readUnits(body: string, quote: string): Unit[] | undefined {
  const units: Unit[] = [];
  for (let at = 0; at < body.length; ) {
    if (body.charAt(at) !== '\\') {
      const code = body.codePointAt(at) ?? 0;
      units.push({ code });
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    ESCAPE.lastIndex = at;
    const found = ESCAPE.exec(body);
    const unit = found === null ? undefined : unitOf(found, quote);
    if (found === null || unit === undefined) return undefined;
    units.push(unit);
    at += found[0].length;
  }
  return units;
}

function unitOf(found: RegExpExecArray, quote: string): Unit | undefined {
  const [, simple, hex, octal, short, long] = found;
  if (simple !== undefined) {
    const character = simple === quote ? quote : SIMPLE[simple];
    return character === undefined ? undefined : { code: character.charCodeAt(0) };
  }
  if (hex !== undefined) return { byte: Number.parseInt(hex, 16) };
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return byte > 0xff ? undefined : { byte };
  }
  const code = Number.parseInt(short ?? long ?? '', 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code > MAX_CODE_POINT || isSurrogate ? undefined : { code };
}

/** An integer of 64 bits or a double, by its spelling. Complex numbers and hexadecimal fractions are refused. */
export function readNumberLiteral(literal: string): GoNumber | BuiltinFault {
  const bad = builtinError(`template: illegal number syntax: ${quoteText(literal)}`);
  const isHex = /^[+-]?0[xX]/.test(literal);
  if ((isHex ? LOOSE_HEX_MARK : LOOSE_MARK).test(literal)) return bad;
  const text = literal.replaceAll('_', '');
  const whole = INTEGER.exec(text);
  if (whole !== null) {
    const [, sign, hex, octal, binary, decimal] = whole;
    const magnitude = BigInt(
      hex !== undefined
        ? `0x${hex}`
        : octal !== undefined
          ? `0o${octal}`
          : binary !== undefined
            ? `0b${binary}`
            : (decimal ?? '0'),
    );
    const value = sign === '-' ? -magnitude : magnitude;
    return BigInt.asIntN(64, value) === value
      ? new GoNumber('int', value)
      : builtinError(`template: ${literal} overflows int`);
  }
  if (!FLOAT.test(text) || !/[.eE]/.test(text)) return bad;
  const double = Number(text);
  return Number.isFinite(double) ? new GoNumber('float64', double) : bad;
}
