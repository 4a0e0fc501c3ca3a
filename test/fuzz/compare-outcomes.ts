/** Holds one case's outcome here against OPA's. "We accept, OPA rejects" is a difference like any other. */
import type { OpaOutcome } from './opa-server.ts';

/** What the engine under test made of a case; `json` is canonical text in OPA's own form. */
export type OwnOutcome =
  | { readonly kind: 'rejected'; readonly codes: readonly string[]; readonly text: string }
  | { readonly kind: 'failed'; readonly codes: readonly string[]; readonly text: string }
  | { readonly kind: 'value'; readonly json: string };

export type DifferenceKind =
  | 'accepted-but-opa-rejects'
  | 'rejected-but-opa-accepts'
  | 'failed-but-opa-has-a-value'
  | 'value-but-opa-fails'
  | 'another-value';

/** Undefined when both agree, or OPA gave no answer. `canonical` brings OPA's JSON text into the form of ours. */
export function differenceOf(
  own: OwnOutcome,
  opa: OpaOutcome,
  canonical: (json: string) => string,
): DifferenceKind | undefined {
  if (opa.kind === 'timeout') return undefined;
  if (opa.kind === 'rejected')
    return own.kind === 'rejected' ? undefined : 'accepted-but-opa-rejects';
  if (own.kind === 'rejected') return 'rejected-but-opa-accepts';
  if (opa.kind === 'failed') return own.kind === 'failed' ? undefined : 'value-but-opa-fails';
  if (own.kind === 'failed') return 'failed-but-opa-has-a-value';
  return canonical(opa.json) === canonical(own.json) ? undefined : 'another-value';
}
