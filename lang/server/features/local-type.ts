/** What the type checker knows of a variable inside one rule. It types the rule's body again: types inside bodies are not kept. */
import type { Rule } from '../../ast/nodes.ts';
import { type NameSource, writtenName } from '../../check/context.ts';
import type { LoweredComprehension, LoweredVar, Step } from '../../check/lowered.ts';
import { eachStep } from '../../check/steps.ts';
import type { TypeEnvironment } from '../../types/environment.ts';
import { keysOf, valuesOf } from '../../types/members.ts';
import type { Type } from '../../types/type.ts';
import { closuresIn, closuresInside } from '../../types/walk.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';

/** The type of the variable that is written at an offset of the rule; undefined where there is none, or nothing is known of it. */
export function typeOfLocal(
  workspace: Workspace,
  document: PolicyDocument,
  rule: Rule,
  offset: number,
  name: string,
): Type | undefined {
  const { types, typedOf } = workspace.checkNear(document);
  const typed = typedOf(rule);
  if (typed === undefined) return undefined;
  const { names } = typed.lowered;
  for (const branch of typed.branches) {
    const written = [...variablesIn(branch.branch)].filter(
      (one) => writtenName(names, one.name) === name,
    );
    const at = offset - typed.movedBy;
    const here = written.filter(({ span }) => span.start <= at && at <= span.end);
    const { environment } = types.typesInside(branch);
    const closures: LoweredComprehension[] = [];
    eachStep(branch.branch.body, (step) => closures.push(...closuresIn(step)));
    for (const closure of closures) closures.push(...closuresInside(closure));
    const environments = [environment, ...closures.flatMap((one) => innerOf(environment, one))];
    for (const one of here.length > 0 ? here : onlyOne(names, written)) {
      const found =
        environments.map((layer) => layer.typeOfVariable(one.name)).find(Boolean) ??
        typeInEvery(branch.branch.body, environment, one.name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The checker does not type what `every` binds; it follows from what it ranges over. */
function typeInEvery(
  body: readonly Step[],
  environment: TypeEnvironment,
  name: string,
): Type | undefined {
  let found: Type | undefined;
  eachStep(body, ({ form }) => {
    if (form.kind !== 'every') return;
    const domain = environment.typeOf(form.domain);
    if (form.value.name === name) found ??= valuesOf(domain);
    if (form.key?.name === name) found ??= keysOf(domain);
  });
  return found;
}

/** A place that lowering has left out still means the only variable of that name. */
function onlyOne(names: NameSource, written: readonly LoweredVar[]): readonly LoweredVar[] {
  const different = new Set(
    written.map(({ name }) => name).filter((one) => names.originals.has(one)),
  );
  return different.size > 1 ? [] : written.slice(0, 1);
}

function innerOf(
  environment: TypeEnvironment,
  closure: LoweredComprehension,
): readonly TypeEnvironment[] {
  const found = environment.closureOf(closure);
  return found === undefined || found === 'faulty' ? [] : [found];
}

/** Every variable of a lowered form, wherever in it; syntax that it came from is left out. */
function* variablesIn(value: unknown): Generator<LoweredVar> {
  if (Array.isArray(value)) {
    for (const item of value) yield* variablesIn(item);
    return;
  }
  if (typeof value !== 'object' || value === null || value instanceof Set) return;
  if (isVariable(value)) {
    yield value;
    return;
  }
  for (const [key, part] of Object.entries(value))
    if (key !== 'origin' && key !== 'node' && key !== 'span') yield* variablesIn(part);
}

function isVariable(value: object): value is LoweredVar {
  return 'kind' in value && value.kind === 'var' && 'name' in value && 'span' in value;
}
