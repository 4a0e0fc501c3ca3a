/**
 * Puts a decision together from sayings: what rules say, each read once as what a decision carries, in the order of the documents and
 * rules, members that several rules say only once.
 */
import type { ApprovalDemand, Decision, Mask, Reason } from './contract/decision.ts';
import {
  ALLOWED,
  formDecision,
  NOT_ALLOWED,
  nothingSaid,
  POLICY_ERROR,
  type Said,
} from './decision-form.ts';
import { type Reading, readApproval, readBlock, readMask } from './decision-members.ts';
import { objectOf } from './interpret/term-facts.ts';
import type { DecisionDocument, DecisionPlan, Saying } from './plan/decision-plan.ts';
import { RuleLocations } from './rule-locations.ts';
import { canonicalKey } from './value/compare.ts';
import type { Value } from './value/value.ts';

/** Something said whose value is computed: as a whole, or those of its fields that are. */
export interface Spoken {
  readonly saying: number;
  readonly computed: Value | readonly Value[];
}

type Member =
  | { readonly kind: 'block'; readonly member: Reason }
  | { readonly kind: 'require_approval'; readonly member: ApprovalDemand }
  | { readonly kind: 'mask'; readonly member: Mask }
  | { readonly kind: 'fault'; readonly member: Reason };

/** One member of a document, perhaps not yet read. */
interface Item {
  readonly saying: Saying;
  readonly computed: Value | readonly Value[] | undefined;
}

export class DecisionComposer {
  readonly #plan: DecisionPlan;
  readonly #revision: string;
  readonly #reads: readonly string[];
  readonly #locations = new RuleLocations();
  readonly #constants = new Map<Saying, Member>();

  constructor(plan: DecisionPlan, revision: string, reads: readonly string[]) {
    this.#plan = plan;
    this.#revision = revision;
    this.#reads = reads;
  }

  /** The decision when these hold, numbers ascending; undefined where the reference has to say what is wrong. */
  compose(sayings: readonly number[], spoken: readonly Spoken[]): Decision | undefined {
    const items: Item[] = [];
    const add = (saying: number, computed: Item['computed']): void => {
      const found = this.#plan.sayings[saying];
      if (found === undefined) throw new Error(`there is no saying ${saying}`);
      items.push({ saying: found, computed });
    };
    for (const saying of sayings) add(saying, undefined);
    for (const { saying, computed } of spoken) add(saying, computed);
    if (spoken.length > 0) items.sort((a, b) => a.saying.number - b.saying.number);
    const said = nothingSaid();
    for (const document of this.#plan.documents) {
      const here = items.filter(({ saying }) => saying.document === document);
      if (document.name !== 'allow') this.#addMembers(said, here);
      else if (!this.#addAllow(said, document, here)) return undefined;
    }
    return formDecision(said, this.#revision, this.#reads);
  }

  /** False where rules disagree. */
  #addAllow(said: Said, document: DecisionDocument, items: readonly Item[]): boolean {
    const { node, fallback, package: name } = document;
    if (node === undefined) return true;
    const [first] = items;
    const value = first === undefined ? fallback?.value : valueSaid(first);
    if (items.some((item) => valueSaid(item) !== value)) return false;
    const rule = first?.saying.rule ?? fallback?.rule;
    const location = rule && this.#locations.of(rule);
    if (value === true) {
      said.permits.push({ code: ALLOWED, reason: `allowed by ${name}`, rule: location });
    } else if (value === false || value === undefined) {
      said.refusals.push({
        code: NOT_ALLOWED,
        reason: `no rule of ${name} allows this`,
        rule: first === undefined ? undefined : location,
      });
    } else {
      const reason = '`allow` must be true or false';
      said.errors.push({ code: POLICY_ERROR, reason, rule: location });
    }
    return true;
  }

  #addMembers(said: Said, items: readonly Item[]): void {
    const seen = items.length > 1 ? new Set<string>() : undefined;
    for (const item of items) {
      if (seen !== undefined) {
        const key = canonicalKey(valueSaid(item));
        if (seen.has(key)) continue;
        seen.add(key);
      }
      const read = this.#memberOf(item);
      if (read.kind === 'block') said.blocks.push(read.member);
      else if (read.kind === 'mask') said.masks.push(read.member);
      else if (read.kind === 'fault') said.errors.push(read.member);
      else said.approvals.push(read.member);
    }
  }

  #memberOf(item: Item): Member {
    const { saying, computed } = item;
    if (computed !== undefined) return this.#read(item);
    let known = this.#constants.get(saying);
    if (known === undefined) {
      known = this.#read(item);
      this.#constants.set(saying, known);
    }
    return known;
  }

  #read(item: Item): Member {
    const { document, rule } = item.saying;
    const location = this.#locations.of(rule);
    const value = valueSaid(item);
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

/** What a rule says, as a value. */
function valueSaid({ saying: { form }, computed }: Item): Value {
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
