/**
 * Access to the parse tree as libpg_query prints it: JSON where a node of a general type is `{Tag: {...}}`, a node of a fixed
 * type is the bare object, and default values are left out. Nothing here trusts a field to be there or to have its type.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key, or an empty one. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The one tag and body of a general node; undefined for anything else. */
export function tagged(
  value: unknown,
): { readonly tag: string; readonly body: Fields } | undefined {
  if (!isFields(value)) return undefined;
  const keys = Object.keys(value);
  const tag = keys[0];
  if (tag === undefined || keys.length !== 1 || !/^[A-Z]/.test(tag)) return undefined;
  return { tag, body: fields(value[tag]) };
}

/** The body of a node of this tag, or undefined. */
export function bodyOf(value: unknown, tag: string): Fields | undefined {
  const node = tagged(value);
  return node?.tag === tag ? node.body : undefined;
}

/** A list of `String` nodes as plain strings; nested `List` nodes are opened, other nodes skipped. */
export function strings(value: unknown): readonly string[] {
  return list(value).flatMap((item) => {
    const node = tagged(item);
    if (node?.tag === 'String') return [text(node.body['sval'] ?? node.body['str'])];
    if (node?.tag === 'List') return [...strings(node.body['items'])];
    if (node?.tag === 'TypeName') return [...strings(node.body['names'])];
    return [];
  });
}

/** The text of a constant or a bare word; undefined when the value is computed. */
export function constantText(value: unknown): string | undefined {
  const node = tagged(value);
  if (node === undefined) return undefined;
  const { tag, body } = node;
  if (tag === 'String') return text(body['sval']);
  if (tag === 'Integer') return String(body['ival'] ?? 0);
  if (tag === 'Float') return text(body['fval']);
  if (tag === 'Boolean') return String(body['boolval'] ?? false);
  if (tag === 'TypeName') return strings(body['names']).join('.');
  if (tag === 'TypeCast') return constantText(body['arg']);
  if (tag !== 'A_Const') return undefined;
  if (body['isnull'] === true) return undefined;
  for (const [kind, member] of [
    ['sval', 'sval'],
    ['fval', 'fval'],
    ['bsval', 'bsval'],
  ] as const) {
    if (isFields(body[kind])) return text(fields(body[kind])[member]);
  }
  if (isFields(body['boolval'])) return String(fields(body['boolval'])['boolval'] ?? false);
  return isFields(body['ival']) ? String(fields(body['ival'])['ival'] ?? 0) : '';
}
