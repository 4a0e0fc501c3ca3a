/**
 * Entries and members of literals as OPA keeps them: of several entries with one key the first key and the last value count, the
 * other values are not even checked; constants come before what is evaluated, so that `{x: 1, 1.0: 2}` is written `1.0` where `x` is 1.
 */
import type { ObjectEntry, Term } from '../ast/nodes.ts';
import type { LoweredTerm, Scalar } from './lowered.ts';
import type { BuiltinTable } from './signatures.ts';
import { KEYED_MEMBER_BUILTIN, MEMBER_BUILTIN, OPERATOR_BUILTINS } from './signatures.ts';

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
 * The order in which OPA evaluates the keys of an object and the members of a set: constants by value, declared variables, references,
 * other variables. What is alike stays in the order of the text.
 */
export function inOrder<T>(list: readonly T[], keyOf: (each: T) => LoweredTerm): readonly T[] {
  return sorted(list, (a, b) => compareTerms(keyOf(a), keyOf(b)));
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
 * then what is in the documents by path, then calls by what they call.
 */
export function asTakenOut<T>(
  list: readonly T[],
  keyOf: (each: T) => Term,
  builtins: BuiltinTable,
): readonly T[] {
  if (list.length < 2) return list;
  const compare = makeCompare(builtins);
  return sorted(list, (a, b) => compare(keyOf(a), keyOf(b)));
}

/** Most lists are in order as they are written. */
function sorted<T>(list: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  const isSorted = list.every((each, at) => {
    const before = at === 0 ? undefined : list[at - 1];
    return before === undefined || compare(before, each) <= 0;
  });
  return isSorted ? list : list.toSorted(compare);
}

type CallTerm = Extract<Term, { kind: 'Call' | 'Infix' | 'Membership' }>;

function makeCompare(builtins: BuiltinTable): (a: Term, b: Term) => number {
  const compare = (a: Term, b: Term): number =>
    isCall(a) && isCall(b) ? compareCalls(a, b) : compareWritten(a, b, compare);
  const compareCalls = (a: CallTerm, b: CallTerm): number => {
    const [left, right] = [calledParts(a, builtins), calledParts(b, builtins)];
    for (const [at, part] of left.entries()) {
      const other = right[at];
      if (other === undefined || part > other) return 1;
      if (part < other) return -1;
    }
    if (left.length !== right.length) return left.length - right.length;
    const args = argumentsOf(b);
    for (const [at, arg] of argumentsOf(a).entries()) {
      const other = args[at];
      const order = other === undefined ? 1 : compare(arg, other);
      if (order !== 0) return order;
    }
    return argumentsOf(a).length - args.length;
  };
  return compare;
}

function isCall(term: Term): term is CallTerm {
  return WRITTEN_CLASSES[term.kind] === WRITTEN_CLASSES.Call;
}

/** What is called, as a path; functions of policies lie below `data`, and those of one package are told apart by their names. */
function calledParts(term: CallTerm, builtins: BuiltinTable): readonly string[] {
  if (term.kind === 'Infix') return [OPERATOR_BUILTINS[term.operator]];
  if (term.kind === 'Membership')
    return (term.key ? KEYED_MEMBER_BUILTIN : MEMBER_BUILTIN).split('.');
  const { head, path } = term.operator;
  const parts = [head.kind === 'Var' ? head.name : ''];
  for (const segment of path) if (segment.term.kind === 'String') parts.push(segment.term.value);
  return builtins.has(parts.join('.')) ? parts : ['data', ...parts];
}

function argumentsOf(term: CallTerm): readonly Term[] {
  if (term.kind === 'Infix') return [term.left, term.right];
  if (term.kind === 'Call') return term.args;
  return term.key ? [term.key, term.value, term.collection] : [term.value, term.collection];
}

function compareWritten(a: Term, b: Term, compare: (a: Term, b: Term) => number): number {
  if (isScalar(a) && isScalar(b)) return compareScalars(a, b);
  if (a.kind !== 'Ref' || b.kind !== 'Ref')
    return WRITTEN_CLASSES[a.kind] - WRITTEN_CLASSES[b.kind];
  if (a.head.kind !== 'Var' || b.head.kind !== 'Var') return 0;
  const [left, right] = [a.head.name, b.head.name];
  if (!isDocument(left) || !isDocument(right)) return 0;
  if (left !== right) return left < right ? -1 : 1;
  for (const [at, { term }] of a.path.entries()) {
    const other = b.path[at];
    const order = other === undefined ? 1 : compare(term, other.term);
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length;
}

function isScalar(term: Term): term is Scalar {
  return WRITTEN_CLASSES[term.kind] === WRITTEN_CLASSES.Null;
}

function compareTerms(a: LoweredTerm, b: LoweredTerm): number {
  const classes = classOf(a) - classOf(b);
  if (classes !== 0 || a.kind !== b.kind) return classes;
  if (a.kind === 'var' && b.kind === 'var') {
    const isLate = classOf(a) > CLASSES.indexOf('ref') && a.name !== b.name;
    return isLate ? (a.name < b.name ? -1 : 1) : 0;
  }
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

/** References are variables named `__local…` for OPA, and so are declared ones; others are compared with them by their names. */
function classOf(term: LoweredTerm): number {
  const isLate = term.kind === 'var' && /^[a-z]/.test(term.name) && !isDocument(term.name);
  return isLate ? CLASSES.indexOf('ref') + 0.5 : CLASSES.indexOf(term.kind);
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
  if (a.kind !== b.kind) return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (a.kind === 'Number' && b.kind === 'Number') return Number(a.text) - Number(b.text);
  if (a.kind === 'String' && b.kind === 'String' && a.value !== b.value)
    return a.value < b.value ? -1 : 1;
  if (a.kind === 'Boolean' && b.kind === 'Boolean') return Number(a.value) - Number(b.value);
  return 0;
}

function isDocument(name: string): boolean {
  return name === 'data' || name === 'input';
}
