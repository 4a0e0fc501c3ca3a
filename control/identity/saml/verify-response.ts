/**
 * Verifies a SAML response: the assertion itself must be signed by the provider that was asked, answer the request that was made,
 * and be meant for this gateway, now. The XML signature is node-saml's part; what it leaves to its caller is checked here, on the
 * signed bytes only. OASIS SAML 2.0 core sections 2.4 and 2.5, profiles section 4.1.4.3.
 */
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { isRefusal, type Refusal, refuse } from '../../../proxy/gate/refusal.ts';
import { readResponseText } from './response-text.ts';
import type { SamlProvider } from './saml-provider.ts';

/** Milliseconds by which the provider's clock may differ. */
export const SAML_SKEW_MS = 30_000;
/** Milliseconds after which an assertion is too old, and a request is forgotten. */
export const SIGN_IN_LIFE_MS = 600_000;

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';

export interface Assertion {
  readonly id: string;
  /** Its attributes by name, with `NameID`, `sub` and `amr` of the assertion itself. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuedAtMs: number;
  /** Until when it could be shown again. */
  readonly expiresAtMs: number;
  /** When the provider wants the session to end. */
  readonly sessionEndsAtMs: number | undefined;
}

/** node-saml for one request: it knows that request's id and no other. */
export function createSaml(provider: SamlProvider, requestId: string): SAML {
  const askedAt = new Date().toISOString();
  return new SAML({
    idpCert: [...provider.certificates],
    idpIssuer: provider.issuer,
    entryPoint: provider.ssoUrl,
    issuer: provider.spEntityId,
    audience: provider.spEntityId,
    callbackUrl: provider.acsUrl,
    wantAssertionsSigned: true,
    // The assertion's own signature is demanded; one around the response is checked when it is there.
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.always,
    cacheProvider: {
      saveAsync: async (value) => ({ value, createdAt: Date.now() }),
      getAsync: async (id) => (id === requestId ? askedAt : null),
      removeAsync: async (id) => id,
    },
    requestIdExpirationPeriodMs: SIGN_IN_LIFE_MS,
    generateUniqueId: () => requestId,
    acceptedClockSkewMs: SAML_SKEW_MS,
    maxAssertionAgeMs: SIGN_IN_LIFE_MS,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
  });
}

/** What the provider asserted in answer to `requestId`, or which check failed. */
export async function verifyResponse(
  parameter: string,
  requestId: string,
  provider: SamlProvider,
): Promise<Assertion | Refusal> {
  const text = readResponseText(parameter);
  if (isRefusal(text)) return text;
  try {
    const { profile } = await createSaml(provider, requestId).validatePostResponseAsync({
      SAMLResponse: Buffer.from(text).toString('base64'),
    });
    const { Assertion: assertion } = profile?.getAssertion?.() ?? {};
    return profile === null || profile === undefined
      ? no('identity/malformed', 'this is no SAML response')
      : readAssertion(assertion, profile['attributes'], requestId, provider);
  } catch (error) {
    return explain(error instanceof Error ? error.message : '');
  }
}

/** An element as xml2js gives it: attributes in `$`, text in `_`, children by name. */
interface Element {
  readonly $?: Readonly<Record<string, string>>;
  readonly _?: string;
  readonly [child: string]: unknown;
}

const childrenOf = (element: Element | undefined, name: string): readonly Element[] => {
  const found = element !== undefined && Object.hasOwn(element, name) ? element[name] : undefined;
  return Array.isArray(found) ? (found as Element[]) : [];
};
const onlyChild = (element: Element | undefined, name: string): Element | undefined => {
  const found = childrenOf(element, name);
  return found.length === 1 ? found[0] : undefined;
};

function readAssertion(
  signed: unknown,
  attributes: unknown,
  requestId: string,
  provider: SamlProvider,
): Assertion | Refusal {
  const assertion = signed as Element | undefined;
  const { ID: id, IssueInstant: issued, Version: version } = assertion?.$ ?? {};
  const issuedAtMs = Date.parse(issued ?? '');
  if (id === undefined || version !== '2.0' || Number.isNaN(issuedAtMs))
    return no('identity/malformed', 'the assertion is malformed');
  if (onlyChild(assertion, 'Issuer')?._ !== provider.issuer)
    return no('identity/wrong-issuer', 'the assertion comes from another provider');
  const subject = onlyChild(assertion, 'Subject');
  const nameId = onlyChild(subject, 'NameID')?._;
  const confirmation = onlyChild(subject, 'SubjectConfirmation');
  const data = onlyChild(confirmation, 'SubjectConfirmationData')?.$ ?? {};
  const conditions = onlyChild(assertion, 'Conditions');
  const statement = onlyChild(assertion, 'AuthnStatement');
  if (nameId === undefined || conditions === undefined || statement === undefined)
    return no('identity/malformed', 'the assertion does not say who signed in');
  if (confirmation?.$?.['Method'] !== BEARER)
    return no('identity/malformed', 'the assertion is confirmed in a way not known here');
  if (data['Recipient'] !== provider.acsUrl)
    return no('identity/wrong-recipient', 'the assertion is addressed to somebody else');
  if (data['InResponseTo'] !== requestId)
    return no('identity/not-asked-for', 'the assertion answers another request');
  const expiresAtMs = Date.parse(data['NotOnOrAfter'] ?? '');
  if (Number.isNaN(expiresAtMs))
    return no('identity/malformed', 'the assertion does not say until when it holds');
  if (issuedAtMs > Date.now() + SAML_SKEW_MS)
    return no('identity/not-yet-valid', 'the assertion is not valid yet');
  const ends = statement.$?.['SessionNotOnOrAfter'];
  const sessionEndsAtMs = ends === undefined ? undefined : Date.parse(ends);
  if (sessionEndsAtMs !== undefined && !(sessionEndsAtMs > Date.now()))
    return no('identity/expired', 'the session at the provider is over');
  const context = onlyChild(onlyChild(statement, 'AuthnContext'), 'AuthnContextClassRef')?._;
  return {
    id,
    issuedAtMs,
    expiresAtMs,
    sessionEndsAtMs,
    claims: {
      ...(typeof attributes === 'object' ? attributes : {}),
      NameID: nameId,
      amr: context === undefined ? [] : [context],
      // A SAML provider speaks for the people of its own organisation; it has no word for an address it does not vouch for.
      email_verified: true,
    },
  };
}

/** A refusal for each way in which node-saml's checks fail; whatever is not known is malformed. */
function explain(message: string): Refusal {
  if (/InResponseTo/.test(message))
    return no('identity/not-asked-for', 'the response answers no request of this sign-in');
  if (/not yet valid/.test(message))
    return no('identity/not-yet-valid', 'the assertion is not valid yet');
  if (/expired|subject confirmation/.test(message))
    return no('identity/expired', 'the assertion has expired');
  if (/audience/i.test(message))
    return no('identity/wrong-audience', 'the assertion is meant for another service');
  if (/issuer/i.test(message))
    return no('identity/wrong-issuer', 'the assertion comes from another provider');
  if (/provider returned/.test(message))
    return no('identity/denied', 'the provider did not sign you in');
  if (/signature/i.test(message))
    return no('identity/bad-signature', 'the assertion was not signed by its provider');
  return no('identity/malformed', 'this is no SAML response');
}

function no(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
