/** Walks over lowered rules: every step, every reference to `data`, wherever they stand. */
import type { LoweredBranch, LoweredRef, LoweredTerm, Step } from './lowered.ts';
import { eachComprehension, operandBodies } from './vars.ts';

/** Calls `visit` for each step of a body and of the closures in it. */
export function eachStep(body: readonly Step[], visit: (step: Step) => void): void {
  for (const step of body) {
    visit(step);
    eachComprehension(step, (comprehension) => eachStep(comprehension.body, visit));
    for (const inner of operandBodies(step)) eachStep(inner, visit);
  }
}

/** Keys of a path below `data`: text for a constant string, undefined for what is evaluated. */
export type DataPath = readonly (string | undefined)[];

/** Calls `visit` for each reference to `data`, calls of functions and `with` targets included. */
export function eachDataPath(branch: LoweredBranch, visit: (path: DataPath) => void): void {
  eachStep(branch.body, (step) => {
    for (const modifier of step.with) {
      inRef(modifier.target, visit);
      inTerm(modifier.value, visit);
    }
    const { form } = step;
    if (form.kind === 'term') inTerm(form.term, visit);
    else if (form.kind === 'every') inTerm(form.domain, visit);
    else if (form.kind === 'eq') {
      inTerm(form.left, visit);
      inTerm(form.right, visit);
    } else if (form.kind === 'call') {
      if (form.callee.kind === 'function') visit(form.callee.path.map((part) => `s${part}`));
      for (const arg of form.args) inTerm(arg, visit);
    }
  });
}

function inRef(ref: LoweredRef, visit: (path: DataPath) => void): void {
  if (ref.head.name === 'data') visit(ref.path.map(({ term }) => scalarKey(term)));
  for (const { term } of ref.path) inTerm(term, visit);
}

/** The key of a constant part; undefined for one that is evaluated. */
export function scalarKey(term: LoweredTerm): string | undefined {
  if (term.kind !== 'scalar') return undefined;
  const { node } = term;
  if (node.kind === 'Null') return 'null';
  if (node.kind === 'Number') return `n${node.text}`;
  return node.kind === 'String' ? `s${node.value}` : `b${node.value}`;
}

function inTerm(term: LoweredTerm, visit: (path: DataPath) => void): void {
  switch (term.kind) {
    case 'var':
      if (term.name === 'data') visit([]);
      return;
    case 'ref':
      inRef(term, visit);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) inTerm(item, visit);
      return;
    case 'object':
      for (const entry of term.entries) {
        inTerm(entry.key, visit);
        inTerm(entry.value, visit);
      }
      return;
    default:
      return;
  }
}
