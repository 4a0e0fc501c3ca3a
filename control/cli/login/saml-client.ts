/**
 * Signing in with a SAML provider: the gateway is the one the provider knows, so the browser goes by way of it and brings back a code
 * that is worth something only together with the secret of this process. RFC 7636.
 */
import { createHash, randomBytes } from 'node:crypto';
import { ControlError } from '../../error.ts';
import { harmless } from '../print.ts';
import type { GatewayClient, GatewaySession } from './gateway-client.ts';
import type { Loopback } from './loopback.ts';

/** The address to send the browser to, and what turns the answer into a session. */
export function beginSaml(
  name: string,
  gateway: GatewayClient,
  { redirectUri }: Pick<Loopback, 'redirectUri'>,
): {
  readonly address: string;
  readonly state: string;
  readonly finish: (answer: URL) => Promise<GatewaySession>;
} {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(32).toString('base64url');
  const address = new URL(`/saml/${encodeURIComponent(name)}/login`, gateway.origin);
  address.search = new URLSearchParams({
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return {
    address: address.href,
    state,
    async finish(answer) {
      const code = answer.searchParams.get('code');
      if (code !== null) return gateway.redeem(code, verifier, redirectUri);
      const why = answer.searchParams.get('error_description') ?? 'it gave no reason';
      throw new ControlError('login/refused', `the gateway did not sign you in: ${harmless(why)}`);
    },
  };
}
