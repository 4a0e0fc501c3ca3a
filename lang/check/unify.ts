/**
 * Which variables an equation gives a value, when some are known already. Structure is taken apart as far as it is known;
 * two unknown variables wait for each other.
 */
import type { NameLookup } from './known-names.ts';
import type { LoweredTerm } from './lowered.ts';
import { BINDABLE, DIRECT, termVars } from './vars.ts';

/** Variables that evaluating `left = right` binds; `known` are those with a value before. */
export function unifiedVars(
  known: NameLookup,
  left: LoweredTerm,
  right: LoweredTerm,
): ReadonlySet<string> {
  const state: State = { known, bound: new Set(), waiting: new Map() };
  unify(state, left, right);
  return state.bound;
}

interface State {
  readonly known: NameLookup;
  readonly bound: Set<string>;
  /** Variable → what must be bound before it is. */
  readonly waiting: Map<string, Set<string>>;
}

type Composite = Extract<LoweredTerm, { kind: 'array' | 'object' }>;

function isComposite(term: LoweredTerm): term is Composite {
  return term.kind === 'array' || term.kind === 'object';
}

function isBound(state: State, name: string): boolean {
  return name === 'data' || name === 'input' || state.known.has(name) || state.bound.has(name);
}

/** Has the head of a reference a value? */
export function isReadable(term: LoweredTerm, known: NameLookup): boolean {
  if (term.kind === 'ref') return isReadable(term.head, known);
  if (term.kind === 'var') {
    return term.name === 'data' || term.name === 'input' || known.has(term.name);
  }
  const names = new Set<string>();
  termVars(term, DIRECT, names);
  return isSubset(names, known);
}

/** Is every name of `names` in `known`? */
export function isSubset(names: ReadonlySet<string>, known: NameLookup): boolean {
  for (const name of names) {
    if (!known.has(name)) return false;
  }
  return true;
}

function unify(state: State, left: LoweredTerm, right: LoweredTerm): void {
  if (left.kind === 'var' || right.kind === 'var') {
    if (left.kind === 'var') unifyVar(state, left.name, right);
    else if (right.kind === 'var') unifyVar(state, right.name, left);
    return;
  }
  if (left.kind === 'array' && right.kind === 'array') {
    if (left.items.length !== right.items.length) return;
    for (const [at, item] of left.items.entries()) {
      const other = right.items[at];
      if (other) unify(state, item, other);
    }
    return;
  }
  if (left.kind === 'object' && right.kind === 'object') {
    if (left.entries.length !== right.entries.length) return;
    const values = new Map(right.entries.map((entry) => [termKey(entry.key), entry.value]));
    for (const entry of left.entries) {
      const other = values.get(termKey(entry.key));
      if (other) unify(state, entry.value, other);
    }
    return;
  }
  if (isComposite(left) && isSource(state, right)) bindAll(state, left);
  else if (isComposite(right) && isSource(state, left)) bindAll(state, right);
}

/** Does the term have a value of its own that a pattern can be matched against? */
function isSource(state: State, term: LoweredTerm): boolean {
  return (term.kind === 'ref' && isReadable(term, state.known)) || term.kind === 'comprehension';
}

function unifyVar(state: State, name: string, other: LoweredTerm): void {
  if (other.kind === 'var') {
    if (isBound(state, other.name)) bind(state, name);
    else if (isBound(state, name)) bind(state, other.name);
    else {
      wait(state, name, other.name);
      wait(state, other.name, name);
    }
  } else if (isComposite(other)) {
    unifyWithComposite(state, name, other);
  } else if (other.kind !== 'ref' || isReadable(other, state.known)) {
    bind(state, name);
  }
}

function unifyWithComposite(state: State, name: string, other: Composite): void {
  if (isBound(state, name)) {
    bindAll(state, other);
    return;
  }
  const names = new Set<string>();
  termVars(other, BINDABLE, names);
  let open = false;
  for (const inner of names) {
    if (isBound(state, inner)) continue;
    open = true;
    wait(state, name, inner);
  }
  if (!open) bind(state, name);
}

function bindAll(state: State, term: LoweredTerm): void {
  const names = new Set<string>();
  termVars(term, BINDABLE, names);
  for (const name of names) bind(state, name);
}

function bind(state: State, name: string): void {
  if (name === 'data' || name === 'input') return;
  state.bound.add(name);
  const waitedFor = state.waiting.get(name);
  state.waiting.delete(name);
  for (const other of waitedFor ?? []) bind(state, other);
  for (const [other, needs] of [...state.waiting]) {
    if (needs.delete(name) && needs.size === 0) bind(state, other);
  }
}

function wait(state: State, name: string, needs: string): void {
  const known = state.waiting.get(name);
  if (known) known.add(needs);
  else state.waiting.set(name, new Set([needs]));
}

/** A text equal for equal keys of object patterns. */
function termKey(term: LoweredTerm): string {
  if (term.kind === 'scalar') {
    const { node } = term;
    if (node.kind === 'Null') return 'null';
    return `${node.kind}:${node.kind === 'Number' ? node.text : node.value}`;
  }
  if (term.kind === 'var') return `var:${term.name}`;
  return `${term.kind}@${term.span.start}`;
}
