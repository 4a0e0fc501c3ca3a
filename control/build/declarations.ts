/** The types of a stand-alone module: the contract, and the codes that these policies can decide with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALLOWED, NOT_ALLOWED, POLICY_ERROR } from '../../engine/decision/decision-form.ts';
import type { Saying } from '../../engine/plan/decision-plan.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { isObject } from '../../engine/value/compare.ts';

const CONTRACT = join(import.meta.dirname, '../../engine/contract');

/** The text of the `.d.ts` beside a module of decisions by these packages. */
export function declarationText(policySet: PolicySet, packages: readonly string[]): string {
  const code = codesOf(policySet, packages);
  const names = packages.map((name) => JSON.stringify(name)).join(', ');
  return `// Written by \`sallyport build --target module\`. Do not edit: build it again from the policies.
${contractText('input.ts')}
${contractText('decision.ts')}
/** What these policies can say. */
export type Code = ${code};

/** A decision by these policies. */
export interface PolicyDecision extends Decision {
  readonly reasons: readonly (Reason & { readonly code: Code })[];
  readonly masks: readonly (Mask & { readonly code: Code })[];
  readonly approvals: readonly (ApprovalDemand & { readonly code: Code })[];
}

/** \`sha256:\` and 64 hex digits over the policies and their data. */
export declare const revision: string;
/** The packages that decide. */
export declare const packages: readonly [${names}];
/** What the policies say about an action. It never throws: a fault is a block. */
export declare const decide: (input: PolicyInput) => PolicyDecision;
`;
}

/** A file of the contract as declarations: it holds types, and lists of names whose types are what counts. */
function contractText(file: string): string {
  return readFileSync(join(CONTRACT, file), 'utf8')
    .replace(
      /^export const (\w+) = (\[[^\]]*\]) as const;/gm,
      'export declare const $1: readonly $2;',
    )
    .replace(/^import [^;]*;\n/gm, '')
    .trim();
}

/** A union of texts; `string` beside them where a rule computes one. */
function codesOf(policySet: PolicySet, packages: readonly string[]): string {
  const codes = new Set<string>([ALLOWED, NOT_ALLOWED, POLICY_ERROR]);
  const written = policySet.code.decisionCode(policySet, packages);
  let isOpen = typeof written === 'string';
  for (const saying of typeof written === 'string' ? [] : written.plan.sayings) {
    if (saying.document.name === 'allow') continue;
    const code = codeOf(saying);
    if (code === undefined) isOpen = true;
    else codes.add(code);
  }
  const texts = [...codes].sort().map((code) => JSON.stringify(code));
  // A plain `string` would swallow the texts, and with them what an editor can offer.
  return [...texts, ...(isOpen ? ['(string & {})'] : [])].join(' | ');
}

function codeOf({ form }: Saying): string | undefined {
  if (form.kind === 'constant') {
    const code = isObject(form.value) ? form.value.get('code') : undefined;
    return typeof code === 'string' ? code : undefined;
  }
  if (form.kind === 'computed') return undefined;
  const code = form.constants[form.names.indexOf('code')];
  return typeof code === 'string' ? code : undefined;
}
