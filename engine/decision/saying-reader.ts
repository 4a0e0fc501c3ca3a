/**
 * Reads what rules say as what a decision carries. A constant is read once; an object of which only the reason is computed is read once with
 * a reason in its place, and afterwards only copied with another.
 */
import type { ApprovalDemand, Mask, Reason } from '../contract/decision.ts';
import { objectOf } from '../interpret/term-facts.ts';
import type { Saying } from '../plan/decision-plan.ts';
import type { Value } from '../value/value.ts';
import { POLICY_ERROR } from './decision-form.ts';
import { type Reading, readApproval, readBlock, readMask } from './decision-members.ts';
import { isMark } from './decision-recipe.ts';
import type { RuleLocations } from './rule-locations.ts';

/** What is computed of something said: all of its value, its only computed field, or all computed fields. */
export type Computed = Value | readonly Value[];

export type Member =
  | { readonly kind: 'block'; readonly member: Reason }
  | { readonly kind: 'require_approval'; readonly member: ApprovalDemand }
  | { readonly kind: 'mask'; readonly member: Mask }
  | { readonly kind: 'fault'; readonly member: Reason };

/** What is known of a saying before anything is computed. */
interface Prepared {
  /** The code of all its members; undefined where it is not known, or they are no objects. */
  readonly code: string | undefined;
  /** Its member: of a constant as it is, otherwise with a reason to be replaced. */
  readonly member: Member | undefined;
}

/** Stands for a reason that is computed later. */
const ANY_REASON = '-';

export class SayingReader {
  readonly #locations: RuleLocations;
  readonly #prepared: (Prepared | undefined)[] = [];

  constructor(locations: RuleLocations) {
    this.#locations = locations;
  }

  /** See `Prepared.code`. */
  codeOf(saying: Saying): string | undefined {
    return this.#preparedOf(saying).code;
  }

  /** True when what is said could be taken for something computed. */
  hasMark(saying: Saying): boolean {
    const member = this.#preparedOf(saying).member?.member;
    return member !== undefined && 'reason' in member && isMark(member.reason);
  }

  /** The member that is said. */
  memberOf(saying: Saying, computed: Computed | undefined): Member {
    const { member } = this.#preparedOf(saying);
    if (member === undefined) return this.#read(saying, valueSaid(saying, computed));
    if (computed === undefined) return member;
    if (typeof computed === 'string' && computed !== '') {
      if (member.kind === 'block') {
        const { code, rule } = member.member;
        return { kind: 'block', member: { code, reason: computed, rule } };
      }
      if (member.kind === 'require_approval') {
        const { code, approvers, quorum, expiresMs, scope, rule } = member.member;
        const demand = { code, reason: computed, approvers, quorum, expiresMs, scope, rule };
        return { kind: 'require_approval', member: demand };
      }
    }
    return this.#read(saying, valueSaid(saying, computed));
  }

  #preparedOf(saying: Saying): Prepared {
    let prepared = this.#prepared[saying.number];
    if (prepared === undefined) {
      prepared = this.#prepare(saying);
      this.#prepared[saying.number] = prepared;
    }
    return prepared;
  }

  #prepare(saying: Saying): Prepared {
    const { form } = saying;
    if (form.kind === 'computed') return { code: undefined, member: undefined };
    if (form.kind === 'constant') {
      const member = this.#read(saying, form.value);
      const code =
        typeof form.value === 'string' || member.kind === 'fault' ? undefined : codeIn(member);
      return { code, member };
    }
    const computed = form.names.filter((_, at) => form.constants[at] === undefined);
    if (computed.length !== 1 || computed[0] !== 'reason')
      return { code: undefined, member: undefined };
    const member = this.#read(saying, valueSaid(saying, ANY_REASON));
    if (member.kind !== 'block' && member.kind !== 'require_approval')
      return { code: undefined, member: undefined };
    return { code: member.member.code, member };
  }

  #read({ document, rule }: Saying, value: Value): Member {
    const location = this.#locations.of(rule);
    const fault = (reading: Extract<Reading<unknown>, { ok: false }>): Member => {
      const reason = `malformed member of \`${location.name}\`: ${reading.fault}`;
      return { kind: 'fault', member: { code: POLICY_ERROR, reason, rule: location } };
    };
    if (document.name === 'block') {
      const reading = readBlock(value, location);
      return reading.ok ? { kind: 'block', member: reading.member } : fault(reading);
    }
    if (document.name === 'mask') {
      const reading = readMask(value, location);
      return reading.ok ? { kind: 'mask', member: reading.member } : fault(reading);
    }
    const reading = readApproval(value, location);
    return reading.ok ? { kind: 'require_approval', member: reading.member } : fault(reading);
  }
}

function codeIn({ member }: Member): string {
  return member.code;
}

/** What a rule says, as a value. */
export function valueSaid({ form }: Saying, computed: Computed | undefined): Value {
  if (form.kind === 'constant') return form.value;
  if (form.kind === 'computed') return computed as Value;
  const { names, constants } = form;
  const isOne = constants.filter((constant) => constant === undefined).length === 1;
  let next = 0;
  const flat = names.flatMap((name, at): readonly Value[] => {
    const constant = constants[at];
    if (constant !== undefined) return [name, constant];
    const value = isOne ? computed : (computed as readonly Value[])[next];
    next += 1;
    return [name, (value ?? null) as Value];
  });
  return objectOf(flat);
}
