/**
 * The token of the person's stored sign-in at one gateway, renewed before it expires. One command renews at a time: a provider that
 * rotates refresh tokens takes a second use of one for theft.
 */
import { ControlError } from '../../error.ts';
import { createGatewayClient } from './gateway-client.ts';
import type { LoginFile, StoredLogin } from './login-file.ts';

/** Milliseconds before its end from which a token is renewed. */
export const RENEW_BEFORE_MS = 120_000;

/** The token, or undefined when nobody is signed in there. Rejects with `login/over`, `login/provider`, `api/unreachable`. */
export async function storedToken(file: LoginFile, gateway: string): Promise<string | undefined> {
  const login = file.find(gateway);
  if (login === undefined) return undefined;
  if (isFresh(login)) return login.token;
  return file.alone(async () => {
    // Another command may have renewed it meanwhile, or signed out.
    const latest = file.find(gateway);
    if (latest === undefined || isFresh(latest)) return latest?.token;
    try {
      return await renew(latest, file);
    } catch (error) {
      if (isValid(latest) && error instanceof ControlError && error.code !== 'login/over')
        return latest.token;
      throw error;
    }
  });
}

const isFresh = ({ expiresAt }: StoredLogin): boolean =>
  Date.parse(expiresAt) - Date.now() > RENEW_BEFORE_MS;
const isValid = ({ expiresAt }: StoredLogin): boolean => Date.parse(expiresAt) > Date.now();

async function renew(login: StoredLogin, file: LoginFile): Promise<string> {
  const { refreshToken, clientId, providerSubject } = login;
  if (refreshToken === undefined || clientId === undefined || providerSubject === undefined) {
    if (isValid(login)) return login.token;
    throw new ControlError('login/over', `your sign-in at ${login.provider} is over`, {
      hint: 'sign in anew with `sallyport login`',
    });
  }
  const { createOidcClient } = await import('./oidc-client.ts');
  const provider = await createOidcClient({
    name: login.provider,
    issuer: login.issuer,
    client_id: clientId,
  });
  const renewed = await provider.renew(refreshToken, providerSubject);
  const rotated: StoredLogin = {
    ...login,
    idToken: renewed.idToken,
    ...(renewed.refreshToken === undefined ? {} : { refreshToken: renewed.refreshToken }),
  };
  // Kept before the gateway is asked: the refresh token that was used is worth nothing any more.
  file.keep(rotated);
  const session = await createGatewayClient(login.gateway).exchange(renewed.idToken, login.token);
  file.keep({ ...rotated, token: session.token, expiresAt: session.expiresAt });
  return session.token;
}
