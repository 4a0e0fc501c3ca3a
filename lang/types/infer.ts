/**
 * Types the bodies of rules step by step, in the order they are evaluated in, and finds the steps that can never hold. What is not
 * known stays unknown and is no fault.
 */
import type { LoweredComprehension, LoweredRef, LoweredTerm, Step } from '../check/lowered.ts';
import { KEYED_MEMBER_BUILTIN, MEMBER_BUILTIN } from '../check/signatures.ts';
import { areCompatible } from './compatible.ts';
import { isDocumentName, type TypeEnvironment } from './environment.ts';
import type { TypeFault } from './fault.ts';
import { matchTerm, matchTerms } from './match.ts';
import { keysOf, valuesOf } from './members.ts';
import { nounOf, printType } from './print.ts';
import { checkReference, type Wording } from './references.ts';
import { ANYTHING, type FunctionType, isAnything, isUnknown, type Type } from './type.ts';
import { closuresIn, closuresInside, referencesIn } from './walk.ts';

export interface InferenceContext {
  readonly builtins: ReadonlyMap<string, FunctionType>;
  readonly wording: Wording;
  /** The layer a `with` puts over the environment while its step is checked; undefined where it changes no type. */
  readonly layerFor: (environment: TypeEnvironment, step: Step) => TypeEnvironment;
  /** Comprehensions around the body; none if left out. */
  readonly level?: number;
}

/** Levels of comprehensions whose inner ones are typed again, and levels further in that are; OPA does so without end, doubling the work. */
const MAX_LEVELS_TYPED_AGAIN = 5;

export interface BodyTypes {
  readonly environment: TypeEnvironment;
  readonly faults: readonly TypeFault[];
}

/** Types a body in a layer of its own above `outer`. */
export function inferBody(
  context: InferenceContext,
  outer: TypeEnvironment,
  steps: readonly Step[],
): BodyTypes {
  const environment = outer.wrap();
  const faults = steps.flatMap((step) => checkStep(context, environment, step));
  return { environment, faults };
}

function checkStep(
  context: InferenceContext,
  body: TypeEnvironment,
  step: Step,
): readonly TypeFault[] {
  const environment = step.with.length === 0 ? body : context.layerFor(body, step);
  const inClosures = checkClosures(context, environment, step);
  const inReferences = referencesIn(step).flatMap(
    ({ ref, isInside }) => checkReference(environment, ref, context.wording, isInside) ?? [],
  );
  const own =
    checkReplacements(context, environment, step) ?? checkForm(context, environment, step);
  // What is unknown because of a fault beside it is a consequence, and not reported.
  const isConsequence =
    own?.ofUnknown === true && (inClosures.length > 0 || inReferences.length > 0);
  return [...inClosures, ...inReferences, ...(own === undefined || isConsequence ? [] : [own])];
}

/** A function can only be replaced by one that takes as many arguments, of types that can be the same. */
function checkReplacements(
  context: InferenceContext,
  environment: TypeEnvironment,
  step: Step,
): TypeFault | undefined {
  for (const { target, value, span } of step.with) {
    const replaced = typeOfNamed(context, environment, target);
    const by = value.kind === 'ref' ? typeOfNamed(context, environment, value) : undefined;
    if (replaced?.kind !== 'function' || by?.kind !== 'function') continue;
    if (areCompatible(replaced, by)) continue;
    return {
      code: 'type/arity',
      span,
      message: 'a function is replaced by one that takes other arguments',
      help: `it takes ${printArguments(replaced)}, the other ${printArguments(by)}`,
      ofUnknown: false,
    };
  }
  return undefined;
}

function typeOfNamed(
  context: InferenceContext,
  environment: TypeEnvironment,
  ref: LoweredRef,
): Type | undefined {
  if (isDocumentName(ref.head.name)) return environment.typeOfRef(ref);
  const parts = ref.path.map(({ term }) =>
    term.kind === 'scalar' && term.node.kind === 'String' ? term.node.value : '',
  );
  return context.builtins.get([ref.head.name, ...parts].join('.'));
}

function printArguments({ args }: FunctionType): string {
  return `(${args.map((arg) => printType(arg)).join(', ')})`;
}

function checkClosures(
  context: InferenceContext,
  environment: TypeEnvironment,
  step: Step,
): readonly TypeFault[] {
  const faults: TypeFault[] = [];
  const level = context.level ?? 0;
  const within = { ...context, level: level + 1 };
  for (const closure of closuresIn(step)) {
    // What this keeps of inner closures is replaced right after it.
    const again = typeAgain(context, environment, closure, MAX_LEVELS_TYPED_AGAIN - level);
    const inner = inferBody(within, environment, closure.body);
    environment.keepClosure(closure, inner.faults.length > 0 ? 'faulty' : inner.environment);
    if (isInsideComposite(step, closure)) environment.settleClosure(closure);
    faults.push(...(inner.faults.length > 0 ? inner.faults : again));
  }
  return faults;
}

/** Is it a part of an array, a set or an object on a side of an equation? */
function isInsideComposite({ form }: Step, closure: LoweredComprehension): boolean {
  return form.kind === 'eq' && form.left !== closure && form.right !== closure;
}

/**
 * OPA types the comprehensions inside a comprehension once more by what is known outside of it, where the variables of the outer
 * one have no type yet, so that a call in the inner one narrows them for the rest of its body.
 */
function typeAgain(
  context: InferenceContext,
  environment: TypeEnvironment,
  closure: LoweredComprehension,
  levels: number,
): readonly TypeFault[] {
  if (levels <= 0) return [];
  const once = { ...context, level: MAX_LEVELS_TYPED_AGAIN };
  return closuresInside(closure).flatMap((inner) => {
    const { faults } = inferBody(once, environment, inner.body);
    return faults.length > 0 ? faults : typeAgain(context, environment, inner, levels - 1);
  });
}

function checkForm(
  context: InferenceContext,
  environment: TypeEnvironment,
  step: Step,
): TypeFault | undefined {
  const { form } = step;
  if (form.kind === 'eq') return checkEqual(environment, step, form.left, form.right);
  if (form.kind !== 'call') return undefined;
  const { callee, args, output } = form;
  if (form.shape.kind === 'template' || form.shape.kind === 'print') {
    // OPA writes a variable in a template as a set of it, and matching sets with `any` forgets the types of what is in them.
    if (form.shape.kind === 'template')
      for (const arg of args) matchTerm(environment, arg, ANYTHING, arg.kind === 'var');
    if (output !== undefined) matchTerm(environment, output, { kind: 'string' });
    return undefined;
  }
  const [first, second] = args;
  if (callee.kind === 'builtin' && callee.name === 'equal' && output === undefined)
    return first === undefined || second === undefined
      ? undefined
      : checkEqual(environment, step, first, second);
  if (callee.name === MEMBER_BUILTIN || callee.name === KEYED_MEMBER_BUILTIN) {
    const fault = checkMembership(environment, step, args, callee.name === KEYED_MEMBER_BUILTIN);
    if (fault !== undefined) return fault;
  }
  const type = typeOfCallee(context, environment, step);
  if (type?.kind !== 'function') return undefined;
  return checkArguments(environment, step, type, output === undefined ? args : [...args, output]);
}

function typeOfCallee(
  context: InferenceContext,
  environment: TypeEnvironment,
  step: Step,
): Type | undefined {
  if (step.form.kind !== 'call') return undefined;
  const { callee } = step.form;
  if (callee.kind === 'builtin') return context.builtins.get(callee.name);
  const ref: LoweredRef = {
    kind: 'ref',
    span: callee.span,
    head: { kind: 'var', span: callee.span, name: 'data' },
    path: callee.path.map((name) => ({
      style: 'dot',
      span: callee.span,
      term: {
        kind: 'scalar',
        span: callee.span,
        node: { kind: 'String', value: name, raw: false, span: callee.span },
      },
    })),
  };
  const type = environment.typeOfRef(ref);
  return isAnything(type) ? undefined : type;
}

function checkEqual(
  environment: TypeEnvironment,
  step: Step,
  left: LoweredTerm,
  right: LoweredTerm,
): TypeFault | undefined {
  const typeOfLeft = environment.typeOf(left);
  const typeOfRight = environment.typeOf(right);
  if (matchTerms(environment, left, right)) return undefined;
  return mismatch(step, typeOfLeft, typeOfRight);
}

function mismatch(step: Step, left: Type | undefined, right: Type | undefined): TypeFault {
  return {
    code: 'type/match',
    span: step.span,
    message:
      left === undefined || right === undefined
        ? 'the two sides can never be equal'
        : `${nounOf(left)} can never equal ${nounOf(right)}`,
    help: undefined,
    ofUnknown: isNoValue(left) || isNoValue(right),
  };
}

/** Unknown, or a function, which is told where it is named. */
function isNoValue(type: Type | undefined): boolean {
  return isUnknown(type) || type?.kind === 'function';
}

function checkMembership(
  environment: TypeEnvironment,
  step: Step,
  args: readonly LoweredTerm[],
  keyed: boolean,
): TypeFault | undefined {
  const operands = keyed ? args.slice(0, 3) : args.slice(0, 2);
  const collection = operands.at(-1);
  const value = operands.at(-2);
  const key = keyed ? operands[0] : undefined;
  if (collection === undefined || value === undefined) return undefined;
  const type = environment.typeOf(collection);
  const values = valuesOf(type);
  if (values === undefined) return undefined;
  if (key !== undefined) {
    const fault = checkOperand(environment, step, key, keysOf(type));
    if (fault !== undefined) return fault;
  }
  return checkOperand(environment, step, value, values);
}

function checkOperand(
  environment: TypeEnvironment,
  step: Step,
  operand: LoweredTerm,
  wanted: Type | undefined,
): TypeFault | undefined {
  if (isUnknown(wanted)) return undefined;
  const have = environment.typeOf(operand);
  const known = isUnknown(have) || areCompatible(have, wanted);
  if (known && matchTerm(environment, operand, wanted)) return undefined;
  return mismatch(step, have, wanted);
}

function checkArguments(
  environment: TypeEnvironment,
  step: Step,
  type: FunctionType,
  args: readonly LoweredTerm[],
): TypeFault | undefined {
  const wanted = type.result === undefined ? type.args : [...type.args, type.result];
  const have = args.map((arg) => environment.typeOf(arg));
  for (const [at, arg] of args.entries()) {
    const want = at < wanted.length ? wanted[at] : (type.variadic ?? ANYTHING);
    const before = have[at];
    const fits =
      (before === undefined || isUnknown(before) || areCompatible(before, want)) &&
      matchTerm(environment, arg, want);
    if (!fits) return badArgument(step, type, at, arg, environment.typeOf(arg) ?? before, want);
  }
  return undefined;
}

function badArgument(
  step: Step,
  type: FunctionType,
  at: number,
  arg: LoweredTerm,
  have: Type | undefined,
  want: Type | undefined,
): TypeFault {
  const isResult = at >= type.args.length;
  return {
    code: 'type/argument',
    span: isResult ? step.span : arg.span,
    message: `${argumentWords(step, type, at, nounOf(want))}, not ${nounOf(have)}`,
    help:
      step.form.kind === 'call' && step.form.callee.name === 'plus' && have?.kind === 'string'
        ? 'texts are joined by `concat` or `sprintf`'
        : undefined,
    ofUnknown: isNoValue(have),
  };
}

/** `\`f\` takes a string as \`x\``, `\`+\` takes a number on its left side`, `\`f\` gives a number`. */
function argumentWords(step: Step, type: FunctionType, at: number, wanted: string): string {
  if (step.form.kind !== 'call') return wanted;
  const { shape, callee } = step.form;
  const name = shape.kind === 'infix' ? shape.operator : callee.name;
  if (at >= type.args.length) return `\`${name}\` gives ${wanted}`;
  if (shape.kind === 'infix')
    return `\`${name}\` takes ${wanted} on its ${at === 0 ? 'left' : 'right'} side`;
  const label = type.names[at] ?? '';
  const which = label === '' ? `argument ${at + 1}` : `\`${label}\``;
  return `\`${name}\` takes ${wanted} as ${which}`;
}
