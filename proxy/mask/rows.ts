/**
 * Applies a plan to the bytes of rows: DataRow fields and lines of COPY text data. It decides nothing.
 */
import { ProxyError } from '../error.ts';
import type { ColumnPlan, RowPlan } from './columns.ts';
import { type MaskKey, maskText } from './methods.ts';

const TAB = 0x09;
const NULL_FIELD = Buffer.from('\\N');

/** Masks one field of a DataRow: `null` is NULL. Same bytes for text and binary (only text-like types are masked in binary). */
export function maskField(
  plan: ColumnPlan,
  value: Uint8Array | null,
  key: MaskKey,
): Uint8Array | null {
  if (!plan.mask || value === null) return value;
  const masked = maskText(plan.method, decode(value), key);
  return masked === null ? null : Buffer.from(masked, 'utf8');
}

/** Masks one line of COPY text data, without its newline. Throws a coded `ProxyError` on a wrong number of fields. */
export function maskCopyRow(plan: RowPlan, line: Uint8Array, key: MaskKey): Uint8Array {
  if (plan === undefined) return line;
  const fields = splitFields(Buffer.from(line.buffer, line.byteOffset, line.byteLength));
  if (fields.length !== plan.length) {
    throw new ProxyError('target/protocol', 'a COPY line has not the expected number of fields');
  }
  const out: Buffer[] = [];
  fields.forEach((field, index) => {
    if (index > 0) out.push(Buffer.of(TAB));
    const column = plan[index];
    const isNull = field.equals(NULL_FIELD);
    if (column === undefined || !column.mask || isNull) out.push(field);
    else {
      const masked = maskText(column.method, unescapeField(field), key);
      out.push(masked === null ? NULL_FIELD : Buffer.from(escapeField(masked), 'utf8'));
    }
  });
  return Buffer.concat(out);
}

/** A tab inside a value is written as an escape, so every tab byte is a delimiter. */
function splitFields(line: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  let start = 0;
  for (let end = line.indexOf(TAB); end !== -1; end = line.indexOf(TAB, start)) {
    fields.push(line.subarray(start, end));
    start = end + 1;
  }
  fields.push(line.subarray(start));
  return fields;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What COPY TO writes: backslash and one letter, or backslash twice (octal and hex are for input only). */
function unescapeField(field: Buffer): string {
  return decode(field).replace(/\\([\s\S])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function escapeField(text: string): string {
  return text.replace(/[\\\b\f\n\r\t\v]/g, (character) => {
    const letter = Object.keys(ESCAPES).find((name) => ESCAPES[name] === character);
    return `\\${letter ?? character}`;
  });
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
