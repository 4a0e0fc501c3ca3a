/**
 * Puts a decision together from sayings: what rules say, each read once as what a decision carries, in the order of the documents and
 * rules, members that several rules say only once.
 */
import type { Decision } from '../contract/decision.ts';
import type { DecisionDocument, DecisionPlan, Saying } from '../plan/decision-plan.ts';
import { canonicalKey } from '../value/compare.ts';
import {
  ALLOWED,
  formDecision,
  NOT_ALLOWED,
  nothingSaid,
  POLICY_ERROR,
  type Said,
} from './decision-form.ts';
import { RuleLocations } from './rule-locations.ts';
import { type Computed, type Member, SayingReader, valueSaid } from './saying-reader.ts';

/** Something said; `computed` is what of its value is. */
export interface Spoken {
  readonly saying: number;
  readonly computed: Computed | undefined;
}

/** Members up to which each is compared with those before it. */
const MAX_COMPARED = 16;

export class DecisionComposer {
  readonly #plan: Pick<DecisionPlan, 'documents' | 'sayings'>;
  readonly #revision: string;
  readonly #reads: readonly string[];
  readonly #locations = new RuleLocations();
  readonly #reader = new SayingReader(this.#locations);

  constructor(
    plan: Pick<DecisionPlan, 'documents' | 'sayings'>,
    revision: string,
    reads: readonly string[],
  ) {
    this.#plan = plan;
    this.#revision = revision;
    this.#reads = reads;
  }

  /** The decision when these are said, by number ascending; undefined where the reference has to say what is wrong. */
  compose(spoken: readonly Spoken[]): Decision | undefined {
    const { documents, sayings } = this.#plan;
    const said = nothingSaid();
    let at = 0;
    for (const document of documents) {
      const from = at;
      while (at < spoken.length && sayings[spoken[at]?.saying ?? 0]?.document === document) at += 1;
      if (document.name !== 'allow') this.#addMembers(said, spoken, from, at);
      else if (!this.#addAllow(said, document, spoken, from, at)) return undefined;
    }
    return formDecision(said, this.#revision, this.#reads);
  }

  /** True for a saying of which nothing is computed. */
  isKnown(saying: number): boolean {
    return this.#plan.sayings[saying]?.form.kind === 'constant';
  }

  /** True when marks can stand for all that is computed: reasons of members that are otherwise known and cannot equal each other. */
  canMark(spoken: readonly Spoken[]): boolean {
    let from = 0;
    for (const [at, each] of spoken.entries()) {
      const saying = this.#sayingOf(each);
      if (each.computed !== undefined && this.#reader.codeOf(saying) === undefined) return false;
      if (each.computed === undefined && this.#reader.hasMark(saying)) return false;
      const next = spoken[at + 1];
      if (next !== undefined && this.#sayingOf(next).document === saying.document) continue;
      const isAllow = saying.document.name === 'allow';
      if (!isAllow && at > from && !this.#areApart(spoken, from, at + 1)) return false;
      from = at + 1;
    }
    return true;
  }

  #sayingOf({ saying }: Spoken): Saying {
    const found = this.#plan.sayings[saying];
    if (found === undefined) throw new Error(`there is no saying ${saying}`);
    return found;
  }

  /** False where rules disagree. */
  #addAllow(
    said: Said,
    document: DecisionDocument,
    spoken: readonly Spoken[],
    from: number,
    to: number,
  ): boolean {
    const { node, fallback, package: name } = document;
    if (node === undefined) return true;
    const first = from < to ? spoken[from] : undefined;
    const saying = first && this.#sayingOf(first);
    const value = saying === undefined ? fallback?.value : valueSaid(saying, undefined);
    for (let at = from + 1; at < to; at += 1) {
      const other = spoken[at];
      if (other === undefined || valueSaid(this.#sayingOf(other), undefined) !== value)
        return false;
    }
    const rule = saying?.rule ?? fallback?.rule;
    const location = rule && this.#locations.of(rule);
    if (value === true) {
      said.permits.push({ code: ALLOWED, reason: `allowed by ${name}`, rule: location });
    } else if (value === false || value === undefined) {
      said.refusals.push({
        code: NOT_ALLOWED,
        reason: `no rule of ${name} allows this`,
        rule: saying === undefined ? undefined : location,
      });
    } else {
      const reason = '`allow` must be true or false';
      said.errors.push({ code: POLICY_ERROR, reason, rule: location });
    }
    return true;
  }

  #addMembers(said: Said, spoken: readonly Spoken[], from: number, to: number): void {
    if (to - from > 1 && !this.#areApart(spoken, from, to)) {
      this.#addDistinct(said, spoken.slice(from, to));
      return;
    }
    for (let at = from; at < to; at += 1) {
      const each = spoken[at];
      if (each === undefined || isRepeated(spoken, from, at)) continue;
      addMember(said, this.#reader.memberOf(this.#sayingOf(each), each.computed));
    }
  }

  /** True when no two of different rules can be equal, because their codes differ. */
  #areApart(spoken: readonly Spoken[], from: number, to: number): boolean {
    if (to - from > MAX_COMPARED) return false;
    for (let at = from; at < to; at += 1) {
      const each = spoken[at];
      const code = each && this.#reader.codeOf(this.#sayingOf(each));
      if (each === undefined || code === undefined) return false;
      for (let other = from; other < at; other += 1) {
        const before = spoken[other];
        if (before === undefined || before.saying === each.saying) continue;
        if (this.#reader.codeOf(this.#sayingOf(before)) === code) return false;
      }
    }
    return true;
  }

  #addDistinct(said: Said, spoken: readonly Spoken[]): void {
    const seen = new Set<string>();
    for (const { saying: number, computed } of spoken) {
      const saying = this.#sayingOf({ saying: number, computed });
      const key = canonicalKey(valueSaid(saying, computed));
      if (seen.has(key)) continue;
      seen.add(key);
      addMember(said, this.#reader.memberOf(saying, computed));
    }
  }
}

/** True when one rule has said the same before; where it may have, what is computed is compared. */
function isRepeated(spoken: readonly Spoken[], from: number, at: number): boolean {
  const each = spoken[at];
  if (each === undefined) return true;
  for (let other = at - 1; other >= from; other -= 1) {
    const before = spoken[other];
    if (before === undefined || before.saying !== each.saying) break;
    if (isSameComputed(before.computed, each.computed)) return true;
  }
  return false;
}

function isSameComputed(a: Computed | undefined, b: Computed | undefined): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string' || a === undefined || b === undefined)
    return false;
  return canonicalKey(a) === canonicalKey(b);
}

function addMember(said: Said, { kind, member }: Member): void {
  if (kind === 'block') said.blocks.push(member);
  else if (kind === 'mask') said.masks.push(member);
  else if (kind === 'fault') said.errors.push(member);
  else said.approvals.push(member);
}
