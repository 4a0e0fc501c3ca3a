/**
 * A decision of which only reasons are computed: made once with marks in the place of the reasons, and filled with them for each action.
 * Where what is computed is anything else than one text a rule, there is nothing to fill.
 */
import type { ApprovalDemand, Decision, Reason } from '../contract/decision.ts';

/** Begins a mark; no rule that is filled in has a reason that does. */
const MARK = '\0';

/** The reason that stands for what the rules of a block compute. */
export function markOf(block: number): string {
  return `${MARK}${block}`;
}

/** True for a reason that could be taken for a mark. */
export function isMark(reason: string): boolean {
  return reason.startsWith(MARK);
}

export class DecisionRecipe {
  readonly #decision: Decision;
  /** Blocks whose reason stands at a place; 0 where the reason is known. */
  readonly #reasons: readonly number[];
  readonly #approvals: readonly number[];

  /** `marked` has marks for reasons, of these blocks. */
  constructor(marked: Decision, blocks: readonly number[]) {
    const byMark = new Map(blocks.map((block) => [markOf(block), block]));
    this.#decision = marked;
    this.#reasons = marked.reasons.map(({ reason }) => byMark.get(reason) ?? 0);
    this.#approvals = marked.approvals.map(({ reason }) => byMark.get(reason) ?? 0);
  }

  /** The decision for blocks and what they computed, in turn. */
  fill(computed: readonly unknown[]): Decision | undefined {
    const { effect, masks, revision, reads } = this.#decision;
    const reasons: Reason[] = [];
    for (let at = 0; at < this.#reasons.length; at += 1) {
      const member = this.#decision.reasons[at];
      if (member === undefined) return undefined;
      const block = this.#reasons[at] ?? 0;
      if (block === 0) {
        reasons.push(member);
        continue;
      }
      const reason = textOf(computed, block);
      if (reason === undefined) return undefined;
      reasons.push({ code: member.code, reason, rule: member.rule });
    }
    if (this.#approvals.length === 0)
      return { effect, reasons, masks, approvals: this.#decision.approvals, revision, reads };
    const approvals: ApprovalDemand[] = [];
    for (let at = 0; at < this.#approvals.length; at += 1) {
      const member = this.#decision.approvals[at];
      if (member === undefined) return undefined;
      const block = this.#approvals[at] ?? 0;
      if (block === 0) {
        approvals.push(member);
        continue;
      }
      const reason = textOf(computed, block);
      if (reason === undefined) return undefined;
      const { code, approvers, quorum, expiresMs, scope, rule } = member;
      approvals.push({ code, reason, approvers, quorum, expiresMs, scope, rule });
    }
    return { effect, reasons, masks, approvals, revision, reads };
  }
}

/** The only text a block computed; undefined when there is none, or another. */
function textOf(computed: readonly unknown[], block: number): string | undefined {
  let text: string | undefined;
  for (let at = 0; at < computed.length; at += 2) {
    if (computed[at] !== block) continue;
    const value = computed[at + 1];
    if (typeof value !== 'string' || value === '') return undefined;
    if (text !== undefined && text !== value) return undefined;
    text = value;
  }
  return text;
}
