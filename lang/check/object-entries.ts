/**
 * Entries and members of literals as OPA keeps them: of several entries with one key the first key and the last value count, the
 * other values are not even checked; constants come before what is evaluated, so that `{x: 1, 1.0: 2}` is written `1.0` where `x` is 1.
 */
import type { ObjectEntry, Term } from '../ast/nodes.ts';
import type { LoweredTerm, Scalar } from './lowered.ts';

/** The entries that count, in the order of the text. */
export function distinctEntries(entries: readonly ObjectEntry[]): readonly ObjectEntry[] {
  const byKey = new Map<string, ObjectEntry>();
  const distinct = entries.map((entry): [string, ObjectEntry] => {
    const text = keyText(entry.key) ?? `@${entry.span.start}`;
    const known = byKey.get(text);
    const kept = known === undefined ? entry : { ...entry, key: known.key };
    byKey.set(text, kept);
    return [text, kept];
  });
  return distinct.filter(([text, entry]) => byKey.get(text) === entry).map(([, entry]) => entry);
}

/** One text for keys that are the same term; undefined for keys that are never taken for the same. */
function keyText(term: Term): string | undefined {
  switch (term.kind) {
    case 'Null':
      return 'null';
    case 'Boolean':
      return String(term.value);
    case 'Number':
      return /^\d+$/.test(term.text) ? term.text : String(Number(term.text));
    case 'String':
      return JSON.stringify(term.value);
    case 'Var':
      return term.name === '_' ? undefined : `$${term.name}`;
    case 'Ref':
      return joined('ref', [term.head, ...term.path.map((segment) => segment.term)]);
    case 'Array':
      return joined('array', term.items);
    case 'Call':
      return joined('call', [term.operator, ...term.args]);
    default:
      return undefined;
  }
}

function joined(kind: string, terms: readonly Term[]): string | undefined {
  const texts = terms.map(keyText);
  return texts.includes(undefined) ? undefined : `${kind}(${texts.join(',')})`;
}

const KINDS = ['Null', 'Boolean', 'Number', 'String'] as const;
const CLASSES = ['scalar', 'var', 'ref', 'array', 'object', 'set', 'comprehension'] as const;

/**
 * The order in which OPA evaluates the keys of an object and the members of a set: constants by value, variables, references. What
 * is alike stays in the order of the text.
 */
export function inOrder<T>(list: readonly T[], keyOf: (each: T) => LoweredTerm): readonly T[] {
  return list.toSorted((a, b) => compareTerms(keyOf(a), keyOf(b)));
}

const WRITTEN_CLASSES: Readonly<Record<Term['kind'], number>> = {
  Null: 0,
  Boolean: 0,
  Number: 0,
  String: 0,
  TemplateString: 1,
  Var: 2,
  Ref: 3,
  Array: 4,
  Object: 5,
  Set: 6,
  ArrayComprehension: 7,
  ObjectComprehension: 8,
  SetComprehension: 9,
  Call: 10,
  Infix: 10,
  Membership: 10,
};

/**
 * The order in which OPA takes calls out of the members of a set or the entries of an object: constants by value, then templates,
 * then what is in the documents by path, before other calls.
 */
export function asTakenOut<T>(list: readonly T[], keyOf: (each: T) => Term): readonly T[] {
  return list.toSorted((a, b) => compareWritten(keyOf(a), keyOf(b)));
}

function compareWritten(a: Term, b: Term): number {
  if (isScalar(a) && isScalar(b)) return compareScalars(a, b);
  if (a.kind !== 'Ref' || b.kind !== 'Ref')
    return WRITTEN_CLASSES[a.kind] - WRITTEN_CLASSES[b.kind];
  if (a.head.kind !== 'Var' || b.head.kind !== 'Var') return 0;
  const [left, right] = [a.head.name, b.head.name];
  if (!isDocument(left) || !isDocument(right)) return 0;
  if (left !== right) return left < right ? -1 : 1;
  for (const [at, { term }] of a.path.entries()) {
    const other = b.path[at];
    const order = other === undefined ? 1 : compareWritten(term, other.term);
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length;
}

function isScalar(term: Term): term is Scalar {
  return WRITTEN_CLASSES[term.kind] === WRITTEN_CLASSES.Null;
}

function compareTerms(a: LoweredTerm, b: LoweredTerm): number {
  if (a.kind !== b.kind) return CLASSES.indexOf(a.kind) - CLASSES.indexOf(b.kind);
  if (a.kind === 'scalar' && b.kind === 'scalar') return compareScalars(a.node, b.node);
  if (a.kind === 'array' && b.kind === 'array') return compareLists(a.items, b.items);
  if (a.kind !== 'ref' || b.kind !== 'ref') return 0;
  if (a.head.name !== b.head.name && isDocument(a.head.name) && isDocument(b.head.name))
    return a.head.name < b.head.name ? -1 : 1;
  return compareLists(
    a.path.map(({ term }) => term),
    b.path.map(({ term }) => term),
  );
}

function compareLists(a: readonly LoweredTerm[], b: readonly LoweredTerm[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at];
    if (right === undefined) return 1;
    const order = compareTerms(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareScalars(a: Scalar, b: Scalar): number {
  const kinds = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (kinds !== 0) return kinds;
  if (a.kind === 'Number' && b.kind === 'Number') return Number(a.text) - Number(b.text);
  if (a.kind === 'String' && b.kind === 'String' && a.value !== b.value)
    return a.value < b.value ? -1 : 1;
  if (a.kind === 'Boolean' && b.kind === 'Boolean') return Number(a.value) - Number(b.value);
  return 0;
}

function isDocument(name: string): boolean {
  return name === 'data' || name === 'input';
}
