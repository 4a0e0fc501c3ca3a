/**
 * How COPY writes its rows: what masking must know to rewrite them. An option it does not know makes the text not plain.
 */
import type { CopyDetail } from './facts.ts';
import { constantText, type Fields, fields, isFields, list, strings, text } from './tree.ts';

/** Options that leave the bytes of text rows as they are, with the values that do; undefined for any value. */
const HARMLESS: Readonly<Record<string, readonly string[] | undefined>> = {
  format: ['text'],
  delimiter: ['\t'],
  null: ['\\N'],
  header: ['false', 'off', '0'],
  freeze: undefined,
  on_error: undefined,
  log_verbosity: undefined,
};

const UTF8: ReadonlySet<string> = new Set(['utf8', 'utf-8', 'unicode']);

/** The details of a `CopyStmt`. */
export function copyDetail(body: Fields): CopyDetail {
  const relation = fields(body['relation']);
  let format: CopyDetail['format'] = 'text';
  let plainText = true;
  for (const option of list(body['options'])) {
    const item = fields(fields(option)['DefElem']);
    const name = text(item['defname']);
    const value = constantText(item['arg'])?.toLowerCase() ?? '';
    if (name === 'format' && (value === 'csv' || value === 'binary')) format = value;
    if (name === 'encoding' ? !UTF8.has(value) : !isHarmless(name, constantText(item['arg']))) {
      plainText = false;
    }
  }
  return {
    direction: body['is_from'] === true ? 'from' : 'to',
    relation: isFields(body['relation'])
      ? { schema: text(relation['schemaname']), name: text(relation['relname']) }
      : undefined,
    columns: strings(body['attlist']),
    format,
    plainText: plainText && format === 'text',
    toClient: body['filename'] === undefined && body['is_program'] !== true,
  };
}

function isHarmless(name: string, value: string | undefined): boolean {
  if (!Object.hasOwn(HARMLESS, name)) return false;
  const allowed = HARMLESS[name];
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}
