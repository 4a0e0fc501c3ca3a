/**
 * The decision by the reference interpreter: the yardstick of what compiled code decides, and what decides where a policy has no plan
 * or its evaluation ends with an error. Any fault of a policy or its evaluation is a block. It never throws.
 */
import type { Decision, RuleLocation } from './contract/decision.ts';
import type { PolicyInput } from './contract/input.ts';
import type { DeciderOptions } from './decider.ts';
import { DECISION_LIMITS } from './decider.ts';
import {
  ALLOWED,
  faultDecision,
  formDecision,
  NOT_ALLOWED,
  nothingSaid,
  POLICY_ERROR,
} from './decision/decision-form.ts';
import { type Reading, readApproval, readBlock, readMask } from './decision/decision-members.ts';
import { RuleLocations } from './decision/rule-locations.ts';
import { startEvaluation } from './evaluate.ts';
import { member } from './interpret/input-document.ts';
import type { Machine } from './interpret/machine.ts';
import { documentMembers } from './interpret/provenance.ts';
import { nodeAt, type RuleNode } from './interpret/rule-tree.ts';
import { completeResult } from './interpret/rules.ts';
import type { World } from './interpret/world.ts';
import type { EvaluableSet } from './policy-set.ts';
import { describeError, errorOf } from './run/failure.ts';
import type { Value } from './value/value.ts';

/** Decides by interpreting the rules. */
export class ReferenceDecider {
  readonly revision: string;
  readonly #policySet: EvaluableSet;
  readonly #options: DeciderOptions;
  readonly #locations = new RuleLocations();

  constructor(policySet: EvaluableSet, options: DeciderOptions) {
    this.revision = policySet.revision;
    this.#policySet = policySet;
    this.#options = options;
  }

  /** See `Decider.decide`. */
  decide(policies: readonly string[], input: PolicyInput): Decision {
    try {
      const deliberation = new Deliberation(this.#policySet, this.#options, this.#locations, input);
      return deliberation.decide(policies);
    } catch (cause) {
      const error = errorOf(cause);
      this.#options.onError?.(error);
      return faultDecision(describeError(error), this.revision);
    }
  }
}

/** One decision while it is made. */
class Deliberation {
  readonly #policySet: EvaluableSet;
  readonly #options: DeciderOptions;
  readonly #locations: RuleLocations;
  readonly #machine: Machine;
  readonly #world: World;
  readonly #said = nothingSaid();

  constructor(
    policySet: EvaluableSet,
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
    return formDecision(this.#said, this.#policySet.revision, [...this.#machine.reads].sort());
  }

  #consult(name: string): void {
    const node = nodeAt(this.#policySet.tree, name.split('.'));
    if (node === undefined || node.kind !== 'branch') {
      this.#fault(`there is no policy package ${name}`, undefined);
      return;
    }
    this.#attempt(name, node, 'allow', (document) => this.#readAllow(name, document));
    this.#attempt(name, node, 'block', (document) =>
      this.#readMembers(document, readBlock, this.#said.blocks),
    );
    this.#attempt(name, node, 'require_approval', (document) =>
      this.#readMembers(document, readApproval, this.#said.approvals),
    );
    this.#attempt(name, node, 'mask', (document) =>
      this.#readMembers(document, readMask, this.#said.masks),
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
      this.#said.refusals.push({
        code: NOT_ALLOWED,
        reason: `no rule of ${packageName} allows this`,
        rule: isDefault ? undefined : this.#locations.of(result.rule),
      });
      return;
    }
    const rule = this.#locations.of(result.rule);
    if (result.value === true) {
      this.#said.permits.push({ code: ALLOWED, reason: `allowed by ${packageName}`, rule });
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
    this.#said.errors.push({ code: POLICY_ERROR, reason, rule });
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
