/**
 * Holds a token that is bound to a key (`cnf`, RFC 7800) against what the client proved on its wire: a DPoP proof (RFC 9449) or
 * its TLS certificate (RFC 8705). A bound token without its proof is somebody's copy, whoever presents it.
 */
import type { Credential, KeyProof } from '../../proxy/gate/ports.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { Confirmation } from './claims.ts';

/** Checks a DPoP proof; gives the thumbprint of the key that signed it. */
export interface ProofCheck {
  thumbprintOf(
    proof: NonNullable<KeyProof['dpop']>,
    token: string | undefined,
  ): Promise<{ readonly jkt: string } | Refusal>;
}

/** Undefined when the client holds the key that the token is bound to, or the token is bound to none. */
export async function refuseUnproven(
  bound: Confirmation | undefined,
  { token, proof }: Credential,
  proofs: ProofCheck | undefined,
): Promise<Refusal | undefined> {
  if (bound === undefined)
    return proof?.dpop === undefined
      ? undefined
      : unproven('identity/not-bound', 'a token that is bound to no key came as a `DPoP` token');
  const { jkt, 'x5t#S256': certificate } = bound;
  if (jkt === undefined && certificate === undefined)
    return unproven('identity/binding-unsupported', 'the token is bound in a way not known here');
  if (certificate !== undefined) {
    if (proof?.certificate === undefined)
      return unproven('identity/proof-missing', 'the token is bound to a TLS certificate', {
        hint: 'connect with TLS and the certificate it was made for',
      });
    if (proof.certificate !== certificate)
      return unproven('identity/wrong-key', 'the token is bound to another certificate');
  }
  if (jkt === undefined)
    return proof?.dpop === undefined
      ? undefined
      : unproven('identity/not-bound', 'the token is bound to a certificate, not to a DPoP key');
  if (proof?.dpop === undefined || proofs === undefined)
    return unproven('identity/proof-missing', 'the token is bound to a DPoP key', {
      hint: 'send it as `Authorization: DPoP TOKEN` with a `DPoP` header, over HTTP',
    });
  const shown = await proofs.thumbprintOf(proof.dpop, token);
  if ('refused' in shown) return shown;
  return shown.jkt === jkt
    ? undefined
    : unproven('identity/wrong-key', 'the token is bound to another key');
}

function unproven(code: string, message: string, more: { readonly hint?: string } = {}): Refusal {
  return refuse('unauthenticated', code, message, more);
}
