/**
 * The plan of rules that are watched while they run: every definition by itself, with marks where its literals begin. Definitions of one
 * form share their steps, so that ten thousand of them are as much code as ten.
 */
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Value } from '../value/value.ts';
import type { Block, PlannedRule, Register } from './ir.ts';
import { formKey, parametrise } from './match-plan.ts';

/** Steps with parameters in the place of constants. */
export interface WatchedForm {
  /** The first rule that has it, for readers of the code. */
  readonly rule: CheckedRule;
  readonly block: Block;
  readonly parameters: readonly Register[];
}

/** A body with its value, or an `else` branch with its own. */
export interface WatchedBranch {
  /** Its place among the forms. */
  readonly form: number;
  readonly constants: readonly Value[];
  /** By literal: the variables that are bound where it begins. */
  readonly names: readonly (readonly string[])[];
}

export interface WatchedRule {
  readonly rule: CheckedRule;
  readonly branches: readonly WatchedBranch[];
}

export interface WatchPlan {
  readonly forms: readonly WatchedForm[];
  readonly rules: readonly WatchedRule[];
}

/** Shares the steps of definitions that were planned to be watched. */
export function planWatch(definitions: readonly PlannedRule[]): WatchPlan {
  const forms: WatchedForm[] = [];
  const known = new Map<string, number>();
  const rules = definitions.map(({ rule, attempts }): WatchedRule => {
    const branches = attempts.map(({ block }): WatchedBranch => {
      const { constants, parameters, mapped } = parametrise(block.steps);
      const key = formKey(mapped);
      let form = known.get(key);
      if (form === undefined) {
        form = forms.push({ rule, block: { steps: mapped }, parameters }) - 1;
        known.set(key, form);
      }
      return { form, constants, names: namesOf(block) };
    });
    return { rule, branches };
  });
  return { forms, rules };
}

function namesOf({ steps }: Block): readonly (readonly string[])[] {
  return steps.flatMap((step) => (step.kind === 'mark' ? [step.variables] : []));
}
