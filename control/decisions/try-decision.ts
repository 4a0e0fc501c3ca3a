/**
 * What would be decided of an action nobody took, by the policies that decide now.
 */
import type { Decision } from '../../engine/contract/decision.ts';
import type { ActionInput, PolicyInput } from '../../engine/contract/input.ts';
import type { Explanation } from '../../engine/trace/explain-decision.ts';
import type { DecisionPort, Target } from '../../proxy/gate/ports.ts';
import type { Settings } from '../config/settings.ts';
import { ControlError } from '../error.ts';
import type { IdentityRegistry } from '../identity/registry.ts';
import { describeHttp, describeSql } from './describe-action.ts';
import { trialInput } from './trial-input.ts';

export interface TriedAction {
  /** Subject of who acts. */
  readonly as: string;
  /** Whom an agent acts for. */
  readonly for?: string;
  /** Name of the resource. */
  readonly on: string;
  /** One of these two. */
  readonly sql?: string;
  readonly http?: string;
  /** JSON, of an HTTP request. */
  readonly body?: string;
  /** Say why as well: which rules hold, and where the others fail. */
  readonly explain?: boolean;
}

/** A decision, explained where that was asked for. */
export type TriedDecision = { readonly decision: Decision } | Explanation;

/** What decides now, and can say why. */
export interface ExplainingPolicies extends Pick<DecisionPort, 'decide'> {
  readonly explain: (policies: readonly string[], input: PolicyInput) => Explanation;
}

export type TryDecision = (action: TriedAction) => Promise<TriedDecision>;

/** Rejects with a `ControlError` for an action that cannot be described, and for who or what is not in the configuration. */
export function createTryDecision(
  settings: Pick<Settings, 'targets' | 'tokens'>,
  registry: IdentityRegistry,
  policies: ExplainingPolicies,
): TryDecision {
  return async (tried) => {
    const target = settings.targets.find(({ resource }) => resource.name === tried.on);
    if (target === undefined)
      throw new ControlError('usage/invalid', `there is no resource ${tried.on}`);
    const input = trialInput(registry, settings.tokens, {
      as: tried.as,
      for: tried.for,
      resource: target.resource,
      action: await describe(tried, target),
      application: 'sallyport api',
    });
    if (tried.explain === true) return policies.explain(target.policies, input);
    return { decision: policies.decide(target.policies, input) };
  };
}

function describe(tried: TriedAction, { resource, upstream }: Target): Promise<ActionInput> {
  const { sql, http, body } = tried;
  if ((sql === undefined) === (http === undefined))
    throw new ControlError('usage/invalid', 'an action is either `sql` or `http`');
  const isSql = sql !== undefined;
  if (isSql !== (upstream.kind === 'postgres'))
    throw new ControlError(
      'usage/invalid',
      `${resource.name} does not take ${isSql ? 'SQL' : 'HTTP'}`,
    );
  return sql !== undefined
    ? describeSql(sql)
    : Promise.resolve(describeHttp(http ?? '', body, `${resource.name}.localhost`));
}
