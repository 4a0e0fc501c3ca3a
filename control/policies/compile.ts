/**
 * From policy files to something that decides: the bridge between the files on disk and the engine.
 */
import type { CompileOptions } from '../../engine/compile-options.ts';
import { createDecider, type Interpreted } from '../../engine/decide.ts';
import { CACHED_FROM_US, cacheDecisions } from '../../engine/decision-cache.ts';
import { specialiseDecisions } from '../../engine/partial/specialised-decider.ts';
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import { explainDecision } from '../../engine/trace/explain-decision.ts';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { renderDiagnostic } from '../../lang/render.ts';
import { ControlError } from '../error.ts';
import { missingPackages } from './missing-packages.ts';
import type { LoadedPolicies } from './policy-holder.ts';
import type { PolicyFiles } from './read-files.ts';

/** Diagnostics that are rendered; the first ones are the cause of the rest. */
const MAX_RENDERED = 20;

/**
 * Compiles rules and data, tests left out. Throws `policy/invalid` with rendered diagnostics.
 *
 * @param inputSchema `none` for questions about an input of any shape; what decides is checked against the contract
 */
export function compileFiles(
  files: PolicyFiles,
  inputSchema: NonNullable<CompileOptions['inputSchema']> = 'contract',
): PolicySet {
  return compileWith(files, { inputSchema });
}

/** As `compileFiles`; data that were read from the same files are taken over from `previous`, with the changes made to them. */
export function compileWith(
  files: PolicyFiles,
  options: CompileOptions,
  previous?: PolicySet,
): PolicySet {
  const { policySet, diagnostics } = compilePolicies(files, options, previous);
  if (policySet !== undefined) return policySet;
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  throw new ControlError(
    'policy/invalid',
    `the policies have ${errors.length === 1 ? 'an error' : `${errors.length} errors`}`,
    {
      details: renderAll(errors),
      hint: '`sallyport check` says the same without starting anything',
    },
  );
}

/** The first diagnostics as text without colours, and how many more there are. */
export function renderAll(diagnostics: readonly Diagnostic[]): readonly string[] {
  const shown = diagnostics
    .slice(0, MAX_RENDERED)
    .map((diagnostic) => renderDiagnostic(diagnostic, { colour: false }));
  const more = diagnostics.length - shown.length;
  return more > 0 ? [...shown, `... and ${more} more`] : shown;
}

export interface GatewayPolicyOptions {
  /** Hears of evaluation errors, which block. */
  readonly onError: (error: unknown) => void;
  /** Hears of packages that are not decided by code. */
  readonly onInterpreted?: (told: Interpreted) => void;
  /** The lists of packages that guard resources: their code is made before the first decision. */
  readonly guards?: readonly (readonly string[])[];
}

/** What the gateway's policy holder needs. Throws `policy/invalid`, also where no policy has a package that guards: it would block everything. */
export function loadPolicies(
  files: PolicyFiles,
  { onError, onInterpreted, guards = [] }: GatewayPolicyOptions,
): LoadedPolicies {
  const policySet = compileFiles(files);
  const [missing] = missingPackages(policySet, guards.flat());
  if (missing !== undefined)
    throw new ControlError(
      'policy/invalid',
      `a resource is guarded by the package \`${missing.name}\`, which no policy has`,
      { hint: missing.help },
    );
  const interpreted: Interpreted[] = [];
  const options = {
    onError,
    onInterpreted: (told: Interpreted): void => {
      // A policy that is specialised over and over tells the same each time.
      if (interpreted.some((known) => isSame(known, told))) return;
      interpreted.push(told);
      onInterpreted?.(told);
    },
  };
  const whole = createDecider(policySet, options);
  // Where deciding costs much, a decision made before is found again, and others are made by what is left of the policy for a session.
  const specialised = specialiseDecisions(policySet, whole, { ...options, schedule: setImmediate });
  const decisions = cacheDecisions(specialised, policySet, { fromUs: CACHED_FROM_US });
  for (const policies of guards) decisions.prepare?.(policies);
  return {
    revision: policySet.revision,
    decisions,
    explain: (policies, input) => explainDecision(policySet, policies, input, options),
    interpreted,
  };
}

function isSame(one: Interpreted, other: Interpreted): boolean {
  return one.code === other.code && one.policies.join('\0') === other.policies.join('\0');
}
