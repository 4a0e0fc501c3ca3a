/**
 * The decision: what the packages that guard a resource say about one action. Nothing is allowed unless `allow` is true in
 * every package that defines it; any fault of a policy or its evaluation is a block. It never throws.
 */
import type { CheckedRule } from '../lang/check/checked.ts';
import { positionAt } from '../lang/source.ts';
import {
  type ApprovalDemand,
  type Decision,
  MASK_METHODS,
  type Mask,
  type Reason,
  type RuleLocation,
} from './contract/decision.ts';
import type { PolicyInput } from './contract/input.ts';
import { type Reading, readApproval, readBlock, readMask } from './decision-members.ts';
import { startEvaluation } from './evaluate.ts';
import { member } from './interpret/input-document.ts';
import type { Machine } from './interpret/machine.ts';
import { documentMembers } from './interpret/provenance.ts';
import { nodeAt, type RuleNode } from './interpret/rule-tree.ts';
import { completeResult } from './interpret/rules.ts';
import type { World } from './interpret/world.ts';
import type { PolicySet } from './policy-set.ts';
import { describeError, type EvaluationError, errorOf } from './run/failure.ts';
import type { Limits, MonotonicClock } from './run/limits.ts';
import type { Value } from './value/value.ts';

/** The code of a reason for a block that an evaluation error or a malformed member caused. */
export const POLICY_ERROR = 'policy-error';
/** The code of the block of an action that no rule allows. */
export const NOT_ALLOWED = 'not-allowed';
/** The code of the reason that names the rule an action is allowed by. */
export const ALLOWED = 'allowed';

/** Limits of one decision: far more than a policy needs, far less than a client would wait. */
const DECISION_LIMITS: Partial<Limits> = { steps: 2_000_000, timeMs: 1_000 };

export interface DeciderOptions {
  /** The base document instead of that of the policy set. */
  readonly data?: Value;
  readonly limits?: Partial<Limits>;
  readonly clock?: MonotonicClock;
  /** Receives what policies print. */
  readonly print?: (line: string) => void;
  /** Receives the errors behind `policy-error` reasons, for logs. */
  readonly onError?: (error: EvaluationError) => void;
}

export interface Decider {
  readonly revision: string;
  /** What the packages say about an action; a package is named as in its text, `access` or `team.guardrails`. */
  decide(policies: readonly string[], input: PolicyInput): Decision;
}

/** Makes the decision function of a policy set. */
export function createDecider(policySet: PolicySet, options: DeciderOptions = {}): Decider {
  const locations = new RuleLocations();
  const { revision } = policySet;
  return {
    revision,
    decide(policies, input) {
      try {
        return new Deliberation(policySet, options, locations, input).decide(policies);
      } catch (cause) {
        const error = errorOf(cause);
        options.onError?.(error);
        const reason = { code: POLICY_ERROR, reason: describeError(error), rule: undefined };
        return {
          effect: 'block',
          reasons: [reason],
          masks: [],
          approvals: [],
          revision,
          reads: ['input'],
        };
      }
    },
  };
}

/** Where rules stand, worked out once per rule. */
class RuleLocations {
  readonly #known = new WeakMap<CheckedRule, RuleLocation>();

  of(rule: CheckedRule): RuleLocation {
    let location = this.#known.get(rule);
    if (location === undefined) {
      location = {
        package: rule.package.join('.'),
        name: rule.path.slice(rule.package.length).join('.'),
        file: rule.source.name,
        line: positionAt(rule.source, rule.rule.span.start).line,
      };
      this.#known.set(rule, location);
    }
    return location;
  }
}

/** One decision while it is made. */
class Deliberation {
  readonly #policySet: PolicySet;
  readonly #options: DeciderOptions;
  readonly #locations: RuleLocations;
  readonly #machine: Machine;
  readonly #world: World;
  readonly #errors: Reason[] = [];
  readonly #blocks: Reason[] = [];
  readonly #refusals: Reason[] = [];
  readonly #permits: Reason[] = [];
  readonly #approvals: ApprovalDemand[] = [];
  readonly #masks: Mask[] = [];

  constructor(
    policySet: PolicySet,
    options: DeciderOptions,
    locations: RuleLocations,
    input: PolicyInput,
  ) {
    this.#policySet = policySet;
    this.#options = options;
    this.#locations = locations;
    const { machine, world } = startEvaluation(policySet, {
      ...options,
      input,
      limits: { ...DECISION_LIMITS, ...options.limits },
      nowNs: BigInt(input.context.now_ns),
    });
    this.#machine = machine;
    this.#world = world;
  }

  decide(policies: readonly string[]): Decision {
    for (const name of policies) this.#consult(name);
    if (this.#permits.length === 0 && this.#refusals.length === 0) {
      this.#refusals.push({
        code: NOT_ALLOWED,
        reason: 'no rule allows this',
        rule: undefined,
      });
    }
    const blocks = [...this.#errors, ...this.#blocks, ...this.#refusals];
    const effect =
      blocks.length > 0 ? 'block' : this.#approvals.length > 0 ? 'require_approval' : 'allow';
    const demands = this.#approvals.map(({ code, reason, rule }) => ({ code, reason, rule }));
    const strictness = (mask: Mask): number => MASK_METHODS.indexOf(mask.with);
    return {
      effect,
      reasons:
        effect === 'block' ? blocks : effect === 'require_approval' ? demands : this.#permits,
      masks: this.#masks.toSorted((a, b) => strictness(a) - strictness(b)),
      approvals: this.#approvals,
      revision: this.#policySet.revision,
      reads: [...this.#machine.reads].sort(),
    };
  }

  #consult(name: string): void {
    const node = nodeAt(this.#policySet.tree, name.split('.'));
    if (node === undefined || node.kind !== 'branch') {
      this.#fault(`there is no policy package ${name}`, undefined);
      return;
    }
    this.#attempt(name, node, 'allow', (document) => this.#readAllow(name, document));
    this.#attempt(name, node, 'block', (document) =>
      this.#readMembers(document, readBlock, this.#blocks),
    );
    this.#attempt(name, node, 'require_approval', (document) =>
      this.#readMembers(document, readApproval, this.#approvals),
    );
    this.#attempt(name, node, 'mask', (document) =>
      this.#readMembers(document, readMask, this.#masks),
    );
  }

  /** Evaluates one document of a package; an error of the evaluation becomes a reason for a block. */
  #attempt(
    packageName: string,
    node: RuleNode,
    name: string,
    read: (document: RuleNode) => void,
  ): void {
    const document = node.children.get(name);
    try {
      if (this.#baseValue([...node.path, name]) !== undefined) {
        this.#fault(`\`data.${packageName}.${name}\` must be a rule, not data`, undefined);
      } else if (document !== undefined) {
        read(document);
      }
    } catch (cause) {
      const error = errorOf(cause);
      this.#options.onError?.(error);
      const [place] = error.places;
      const rule = place && {
        package: place.package,
        name: place.rule,
        file: place.file,
        line: place.line,
      };
      this.#fault(describeError(error), rule);
    }
  }

  #baseValue(path: readonly string[]): Value | undefined {
    return path.reduce<Value | undefined>(member, this.#world.data);
  }

  #readAllow(packageName: string, document: RuleNode): void {
    if (document.kind !== 'complete') {
      this.#fault('`allow` must be a boolean rule', this.#firstRule(document));
      return;
    }
    const result = completeResult(this.#machine, this.#world, document);
    if (result === undefined || result.value === false) {
      const isDefault = result === undefined || result.rule.rule.isDefault;
      this.#refusals.push({
        code: NOT_ALLOWED,
        reason: `no rule of ${packageName} allows this`,
        rule: isDefault ? undefined : this.#locations.of(result.rule),
      });
      return;
    }
    const rule = this.#locations.of(result.rule);
    if (result.value === true) {
      this.#permits.push({ code: ALLOWED, reason: `allowed by ${packageName}`, rule });
    } else {
      this.#fault('`allow` must be true or false', rule);
    }
  }

  #readMembers<Member>(
    document: RuleNode,
    read: (value: Value, rule: RuleLocation) => Reading<Member>,
    into: Member[],
  ): void {
    const members = documentMembers(this.#machine, this.#world, document);
    if (members === undefined) {
      const name = document.path.at(-1) ?? '';
      this.#fault(`\`${name}\` must be a set`, this.#firstRule(document));
      return;
    }
    for (const { value, rule } of members) {
      const location = this.#locations.of(rule);
      const reading = read(value, location);
      if (reading.ok) into.push(reading.member);
      else this.#fault(`malformed member of \`${location.name}\`: ${reading.fault}`, location);
    }
  }

  #fault(reason: string, rule: RuleLocation | undefined): void {
    this.#errors.push({ code: POLICY_ERROR, reason, rule });
  }

  #firstRule(node: RuleNode): RuleLocation | undefined {
    const rule = node.rules[0] ?? node.fallback;
    if (rule !== undefined) return this.#locations.of(rule);
    for (const child of node.children.values()) {
      const below = this.#firstRule(child);
      if (below !== undefined) return below;
    }
    return undefined;
  }
}
