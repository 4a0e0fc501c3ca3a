/**
 * A gateway's SAML desk with a provider whose keys are at hand: sign-ins are begun, answered, and taken apart.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { SignInEvidence } from '../../control/identity/person-session.ts';
import type { Mapping } from '../../control/identity/providers/provider.ts';
import { createRegistry } from '../../control/identity/registry.ts';
import type { SamlProvider } from '../../control/identity/saml/saml-provider.ts';
import { createSamlSignIn, type SamlSignIn } from '../../control/identity/saml/saml-sign-in.ts';
import { isRefusal, refuse } from '../../proxy/gate/refusal.ts';
import {
  type AssertionParts,
  encode,
  IDP,
  makeIdpKey,
  readAuthnRequest,
  rightParts,
  type SignatureChoices,
  SSO_URL,
  signElement,
  writeAssertion,
  writeResponse,
} from './saml-idp.ts';

export const key = makeIdpKey();
export const newKey = makeIdpKey();
export const stranger = makeIdpKey();
export const ACS = 'https://gate.example/saml/corp/acs';
export const AUDIENCE = 'https://gate.example/saml/corp/metadata';
export const CALLBACK = 'http://127.0.0.1:4711/callback';
export const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');
export const state = 'state-of-this-sign-in';

const mapping: Mapping = {
  kind: 'human',
  prefix: 'corp:',
  subject: 'NameID',
  name: 'displayName',
  email: 'mail',
  groups: 'groups',
  groupMap: new Map([['eng', ['engineering']]]),
  giveGroups: [],
  keep: [],
  subjects: ['*@example.com'],
  require: new Map(),
  mfa: [],
};
const corp: SamlProvider = {
  name: 'corp',
  issuer: IDP,
  ssoUrl: SSO_URL,
  certificates: [key.certificate, newKey.certificate],
  spEntityId: AUDIENCE,
  acsUrl: ACS,
  mapping,
};
/** Another provider of the same gateway: what it says is not what corp says. */
export const partner: SamlProvider = {
  ...corp,
  name: 'partner',
  issuer: 'https://partner.example',
  certificates: [stranger.certificate],
  spEntityId: 'https://gate.example/saml/partner/metadata',
  acsUrl: 'https://gate.example/saml/partner/acs',
  mapping: { ...mapping, prefix: 'partner:' },
};

export interface Desk {
  readonly saml: SamlSignIn;
  readonly signedIn: SignInEvidence[];
  readonly refused: string[];
  clockMs: number;
}

export function open(): Desk {
  const signedIn: SignInEvidence[] = [];
  const refused: string[] = [];
  const used = new Set<string>();
  const desk: Desk = {
    signedIn,
    refused,
    clockMs: Date.now(),
    saml: createSamlSignIn({
      providers: [corp, partner],
      registry: createRegistry([]),
      otherPrefixes: [],
      nowMs: () => desk.clockMs,
      onRefused: (_provider, { code }) => refused.push(code),
      people: {
        open: async (evidence) => {
          if (used.has(evidence.onceId))
            return refuse('unauthenticated', 'identity/replayed', 'used before');
          used.add(evidence.onceId);
          signedIn.push(evidence);
          return { token: `token-of-${evidence.person.sub}`, id: 's1', expiresAtMs: 1 };
        },
      },
    }),
  };
  return desk;
}

export const request = { redirectUri: CALLBACK, state, challenge };

export async function begin(saml: SamlSignIn, name = 'corp') {
  const address = await saml.begin(name, request);
  if (isRefusal(address)) throw new Error(address.code);
  return readAuthnRequest(address);
}

export interface Attack {
  readonly parts?: Partial<AssertionParts>;
  readonly signature?: SignatureChoices;
  /** What is made of the genuine, signed assertion. */
  readonly wrap?: (signed: string, own: (parts: Partial<AssertionParts>) => string) => string;
  /** What is made of the whole response. */
  readonly response?: (xml: string) => string;
  readonly by?: typeof key;
}

/** The address that the browser is sent to after this answer, or the code of the refusal. */
export async function answer(desk: Desk, attack: Attack = {}): Promise<string> {
  const { requestId, relayState } = await begin(desk.saml);
  const asked = { audience: AUDIENCE, recipient: ACS, requestId };
  const own = (parts: Partial<AssertionParts>): string => writeAssertion(rightParts(asked, parts));
  const signed = signElement(
    own(attack.parts ?? {}),
    'Assertion',
    attack.by ?? key,
    attack.signature,
  );
  const inner = attack.wrap?.(signed, own) ?? signed;
  const xml = writeResponse(inner, { inResponseTo: requestId, destination: ACS });
  return finish(desk, 'corp', relayState, encode(attack.response?.(xml) ?? xml));
}

export async function finish(desk: Desk, name: string, relayState: string, response: string) {
  const address = await desk.saml.finish(name, relayState, response);
  return isRefusal(address) ? address.code : address;
}

export const codeOf = (address: string): string => new URL(address).searchParams.get('code') ?? '';
export const withoutSignature = (xml: string): string =>
  xml.replace(/<Signature[\s\S]*?<\/Signature>/, '');
export const signatureOf = (xml: string): string =>
  /<Signature[\s\S]*?<\/Signature>/.exec(xml)?.[0] ?? '';
