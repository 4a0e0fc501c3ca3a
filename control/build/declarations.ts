/** The types of a stand-alone module: the contract, and the codes that these policies can decide with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALLOWED, NOT_ALLOWED, POLICY_ERROR } from '../../engine/decision/decision-form.ts';
import type { ModuleContract } from '../../engine/module/write-module.ts';
import type { Saying } from '../../engine/plan/decision-plan.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { isObject } from '../../engine/value/compare.ts';

const CONTRACT = join(import.meta.dirname, '../../engine/contract');

/** The text of the `.d.ts` beside a module of these decisions and documents. */
export function declarationText(
  policySet: PolicySet,
  { packages, entrypoints }: ModuleContract,
): string {
  return [
    '// Written by `sallyport build --target module`. Do not edit: build it again from the policies.',
    ...(packages.length === 0 ? [] : [contractText('input.ts'), contractText('decision.ts')]),
    '',
    '/** `sha256:` and 64 hex digits over the policies and their data. */',
    'export declare const revision: string;',
    ...(packages.length === 0 ? [] : [decisionTypes(policySet, packages)]),
    ...(entrypoints.length === 0 ? [] : [documentTypes(entrypoints)]),
    '',
  ].join('\n');
}

function decisionTypes(policySet: PolicySet, packages: readonly string[]): string {
  return `
/** What these policies can say. */
export type Code = ${codesOf(policySet, packages)};

/** A decision by these policies. */
export interface PolicyDecision extends Decision {
  readonly reasons: readonly (Reason & { readonly code: Code })[];
  readonly masks: readonly (Mask & { readonly code: Code })[];
  readonly approvals: readonly (ApprovalDemand & { readonly code: Code })[];
}

/** The packages that decide. */
export declare const packages: readonly [${texts(packages)}];
/** What the policies say about an action. It never throws: a fault is a block. */
export declare const decide: (input: PolicyInput) => PolicyDecision;`;
}

function documentTypes(entrypoints: readonly string[]): string {
  return `
/** What can be evaluated. */
export type Entrypoint = (typeof entrypoints)[number];

/** Plain data; integers beyond 2^53 are \`bigint\`. */
export type Plain = null | boolean | number | bigint | string | readonly Plain[] | { readonly [name: string]: Plain };

/** A document; \`result\` is undefined where it has no value. A fault of the policy, or a limit it meets, is an error. */
export type Evaluation =
  | { readonly ok: true; readonly result: Plain | undefined }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** The documents that can be evaluated. */
export declare const entrypoints: readonly [${texts(entrypoints)}];
/** The document at an entrypoint. Throws \`RangeError\` for any other path. */
export declare const evaluate: (entrypoint: Entrypoint, input?: unknown) => Evaluation;`;
}

function texts(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
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
