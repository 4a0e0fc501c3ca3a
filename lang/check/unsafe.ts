/** Tells the user which variables have no value: each once, at its first use, in the user's names. */
import type { Span } from '../source.ts';
import type { NameSource } from './context.ts';
import { isGenerated, writtenName } from './context.ts';
import type { LoweredComprehension, LoweredTerm, Step } from './lowered.ts';
import type { UnsafeVars } from './safety.ts';
import { eachComprehension, operandBodies } from './vars.ts';

/** One variable, or one statement where only generated variables are concerned. */
export interface UnsafePlace {
  readonly name: string | undefined;
  readonly span: Span;
  /** The variable stands inside a negation. */
  readonly negated: boolean;
}

/** The places to report, in source order. */
export function unsafePlaces(unsafe: UnsafeVars, names: NameSource): readonly UnsafePlace[] {
  const byName = new Map<string, UnsafePlace>();
  for (const [step, vars] of unsafe) {
    for (const name of vars) {
      if (isGenerated(names, name)) continue;
      const span = firstUse(step, name) ?? step.span;
      const known = byName.get(name);
      if (known && known.span.start <= span.start) continue;
      byName.set(name, { name: writtenName(names, name), span, negated: isNegation(step) });
    }
  }
  if (byName.size > 0) return dedupe([...byName.values()]);
  const wildcards = [...unsafe].map(([step, vars]) => ({
    name: [...vars].some((name) => names.originals.get(name) === '_') ? '_' : undefined,
    span: step.span,
    negated: isNegation(step),
  }));
  return dedupe(wildcards).slice(0, 1);
}

function dedupe(places: readonly UnsafePlace[]): readonly UnsafePlace[] {
  const seen = new Set<string>();
  return [...places]
    .sort((a, b) => a.span.start - b.span.start)
    .filter((place) => {
      const key = place.name ?? `@${place.span.start}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function isNegation(step: Step): boolean {
  return step.negated || step.form.kind === 'not';
}

/** Where a step names a variable first. */
function firstUse(step: Step, name: string): Span | undefined {
  const { form } = step;
  let best: Span | undefined;
  const note = (span: Span | undefined): void => {
    if (span && (!best || span.start < best.start)) best = span;
  };
  const inTerm = (term: LoweredTerm): void => {
    if (term.kind === 'var' && term.name === name) note(term.span);
    else if (term.kind === 'ref') {
      inTerm(term.head);
      for (const segment of term.path) inTerm(segment.term);
    } else if (term.kind === 'array' || term.kind === 'set') term.items.forEach(inTerm);
    else if (term.kind === 'object') {
      for (const entry of term.entries) {
        inTerm(entry.key);
        inTerm(entry.value);
      }
    } else if (term.kind === 'comprehension') inHead(term);
  };
  const inHead = (term: LoweredComprehension): void => {
    if (term.key) inTerm(term.key);
    inTerm(term.term);
  };
  const inBody = (body: readonly Step[]): void => {
    for (const inner of body) note(firstUse(inner, name));
  };
  for (const modifier of step.with) {
    inTerm(modifier.target);
    inTerm(modifier.value);
  }
  if (form.kind === 'term') inTerm(form.term);
  else if (form.kind === 'eq') {
    inTerm(form.left);
    inTerm(form.right);
  } else if (form.kind === 'call') form.args.forEach(inTerm);
  else if (form.kind === 'every') inTerm(form.domain);
  eachComprehension(step, (comprehension) => {
    inHead(comprehension);
    inBody(comprehension.body);
  });
  for (const body of operandBodies(step)) inBody(body);
  return best;
}
