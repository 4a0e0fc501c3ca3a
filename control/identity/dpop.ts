/**
 * DPoP proofs, RFC 9449 section 4.3: one proof for one request, by the key it carries, fresh and never seen before. What key it has
 * to be is the caller's to compare. Seen proofs are remembered in this process for as long as they would be accepted.
 */

import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from 'jose';
import type { Clock } from '../../proxy/gate/ports.ts';
import { type Refusal, refuse } from '../../proxy/gate/refusal.ts';
import type { ProofCheck } from './binding.ts';
import { createSeenOnce } from './seen-once.ts';

/** Characters of a proof. */
export const MAX_PROOF_LENGTH = 4096;
/** Seconds a proof is good for. */
export const PROOF_LIFE_SECONDS = 60;
/** Seconds by which the client's clock may be ahead. */
export const PROOF_SKEW_SECONDS = 5;
const MAX_JTI_LENGTH = 128;
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'];

export function createProofCheck(clock: Clock): ProofCheck {
  const seen = createSeenOnce();
  return {
    async thumbprintOf({ proof, method, url }, token) {
      if (proof === '')
        return refuseProof('identity/proof-missing', 'the `DPoP` header is missing');
      if (proof.length > MAX_PROOF_LENGTH)
        return refuseProof('identity/oversized', 'the DPoP proof is too long');
      const nowMs = Number(clock.nowNs() / 1_000_000n);
      try {
        const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
          algorithms: ALGORITHMS,
          typ: 'dpop+jwt',
          // Its age is judged below; `exp` and `nbf` have no meaning in a proof.
          currentDate: new Date(nowMs),
          requiredClaims: ['jti', 'htm', 'htu', 'iat'],
        });
        const { jti, htm, htu, iat, ath } = payload;
        const { jwk } = protectedHeader;
        if (jwk === undefined || jwk.kty === 'oct' || 'd' in jwk)
          return refuseProof('identity/proof-invalid', 'the DPoP proof carries no public key');
        if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH)
          return refuseProof('identity/proof-invalid', 'the DPoP proof has no usable `jti`');
        if (htm !== method)
          return refuseProof('identity/proof-mismatch', 'the DPoP proof is for another method');
        if (typeof htu !== 'string' || plainUrl(htu) !== plainUrl(url))
          return refuseProof('identity/proof-mismatch', 'the DPoP proof is for another address');
        if (token !== undefined && ath !== hashOf(token))
          return refuseProof('identity/proof-mismatch', 'the DPoP proof is for another token');
        const age = nowMs / 1000 - Number(iat);
        if (!(age <= PROOF_LIFE_SECONDS) || !(age >= -PROOF_SKEW_SECONDS))
          return refuseProof('identity/proof-stale', 'the DPoP proof is not of this moment');
        const jkt = await calculateJwkThumbprint(jwk, 'sha256');
        const untilMs = nowMs + (PROOF_LIFE_SECONDS + PROOF_SKEW_SECONDS) * 1000;
        const first = seen.take(`${jkt} ${jti}`, untilMs, nowMs);
        if (first === 'full')
          return refuse('limit', 'limit/proofs', 'too many DPoP proofs at once; try again soon');
        return first
          ? { jkt }
          : refuseProof('identity/proof-replayed', 'the DPoP proof was used before');
      } catch (error) {
        return explain(error);
      }
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Scheme, host and path, normalised (RFC 9449 section 4.3, step 9); undefined equals nothing. */
function plainUrl(text: string): string | symbol {
  if (!URL.canParse(text)) return Symbol('no address');
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}

function explain(error: unknown): Refusal {
  if (error instanceof errors.JOSEAlgNotAllowed)
    return refuseProof(
      'identity/wrong-algorithm',
      'the DPoP proof is signed in a way not accepted',
    );
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refuseProof('identity/bad-signature', 'the DPoP proof was not signed by its own key');
  return refuseProof('identity/proof-invalid', 'this is not a DPoP proof');
}

function refuseProof(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
