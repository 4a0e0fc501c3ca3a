/**
 * Variables in the pieces of templates and `print`: each piece is evaluated on its own and can bind nothing, so what it names
 * must have been bound by then. OPA looks at a template with all that its body binds, and at `print` with what comes before it.
 */
import type { LoweredTerm, Step } from './lowered.ts';
import type { ArityOf } from './outputs.ts';
import { bodyOutputs } from './outputs.ts';
import { eachComprehension, operandBodies, stepVars } from './vars.ts';

/** A variable a piece names that nothing binds. */
export interface Undeclared {
  readonly name: string;
  readonly piece: LoweredTerm;
}

/** Finds such variables in a body and the closures in it. */
export function undeclaredInPieces(
  body: readonly Step[],
  arityOf: ArityOf,
  globals: ReadonlySet<string>,
): readonly Undeclared[] {
  const found: Undeclared[] = [];
  const known = outputsForTemplates(body, arityOf, globals);
  for (const [at, step] of body.entries()) {
    const { form } = step;
    if (form.kind === 'call' && form.shape.kind === 'template') {
      for (const piece of form.args) checkPiece(piece, known, found, isNoTemplate);
    } else if (form.kind === 'call' && form.shape.kind === 'print') {
      const before = body.slice(0, at);
      const soFar = bodyOutputs(before, arityOf, globals);
      const named = new Set<string>();
      for (const earlier of before) stepVars(earlier, 'everywhere', named);
      for (const name of named) if (name.startsWith('$_')) soFar.add(name);
      for (const piece of form.args) checkPiece(piece, soFar, found, () => true);
    }
    const inner = form.kind === 'every' ? withEveryVars(known, form) : known;
    eachComprehension(step, (comprehension) => {
      found.push(...undeclaredInPieces(comprehension.body, arityOf, inner));
    });
    for (const nested of operandBodies(step)) {
      found.push(...undeclaredInPieces(nested, arityOf, inner));
    }
  }
  return found;
}

/**
 * OPA looks at templates when it has not yet found that the value of a `with` names a builtin, and takes a name without dots for an
 * unbound variable.
 */
function outputsForTemplates(
  body: readonly Step[],
  arityOf: ArityOf,
  globals: ReadonlySet<string>,
): Set<string> {
  const isResolved = (step: Step): boolean =>
    step.with.every(({ value }) => value.kind !== 'ref' || value.path.length > 0);
  return bodyOutputs(body.filter(isResolved), arityOf, globals);
}

function withEveryVars(
  known: ReadonlySet<string>,
  form: Extract<Step['form'], { kind: 'every' }>,
): ReadonlySet<string> {
  const inner = new Set(known);
  inner.add(form.value.name);
  if (form.key) inner.add(form.key.name);
  return inner;
}

/** What a template inside a template names is asked of that one's pieces, and not where a piece is a name alone. */
function isNoTemplate({ form }: Step): boolean {
  return form.kind !== 'call' || form.shape.kind !== 'template';
}

function checkPiece(
  piece: LoweredTerm,
  known: ReadonlySet<string>,
  found: Undeclared[],
  counts: (step: Step) => boolean,
): void {
  if (piece.kind !== 'comprehension') return;
  const made = new Set<string>();
  const named = new Set<string>();
  for (const step of piece.body) {
    if (step.generated !== undefined) made.add(step.generated);
    if (counts(step)) stepVars(step, 'direct', named);
  }
  for (const name of named) {
    if (!known.has(name) && !made.has(name)) found.push({ name, piece });
  }
}
