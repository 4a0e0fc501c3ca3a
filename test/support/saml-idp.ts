/**
 * A SAML identity provider for tests: assertions of any shape, signed with real XML signatures, and the means to take them apart and
 * put them together wrongly, as attackers of SAML readers have.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';

export const IDP = 'https://idp.example/entity';
export const SSO_URL = 'https://idp.example/sso';
const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const SAMLP = 'urn:oasis:names:tc:SAML:2.0:protocol';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';

export interface IdpKey {
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly certificate: string;
}

/** A key with a certificate of its own, by the openssl of this machine. */
export function makeIdpKey(): IdpKey {
  const dir = mkdtempSync(join(tmpdir(), 'sallyport-idp-'));
  try {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(dir, 'key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const args = ['req', '-x509', '-new', '-key', 'key', '-out', 'cert', '-subj', '/CN=idp'];
    execFileSync('openssl', [...args, '-days', '2'], { cwd: dir, stdio: 'ignore' });
    return { privateKey, certificate: readFileSync(join(dir, 'cert'), 'utf8') };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

export interface AssertionParts {
  readonly id: string;
  readonly issuer: string;
  readonly nameId: string;
  readonly audience: string;
  readonly recipient: string;
  readonly inResponseTo: string | undefined;
  /** Milliseconds from now. */
  readonly issuedMs: number;
  readonly notBeforeMs: number;
  readonly notOnOrAfterMs: number;
  readonly sessionEndsMs: number | undefined;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly method: string;
  readonly version: string;
}

/** What the gateway asked for: a right answer takes its parts from here. */
export interface Asked {
  readonly audience: string;
  readonly recipient: string;
  readonly requestId: string;
}

export function rightParts(asked: Asked, more: Partial<AssertionParts> = {}): AssertionParts {
  return {
    id: `_a${Math.random().toString(36).slice(2)}`,
    issuer: IDP,
    nameId: 'ada@example.com',
    audience: asked.audience,
    recipient: asked.recipient,
    inResponseTo: asked.requestId,
    issuedMs: 0,
    notBeforeMs: -5_000,
    notOnOrAfterMs: 300_000,
    sessionEndsMs: undefined,
    attributes: { displayName: ['Ada'], mail: ['ada@example.com'], groups: ['eng', 'all'] },
    method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    version: '2.0',
    ...more,
  };
}

const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** An assertion, unsigned. Text is put in as it is: a test may want markup there. */
export function writeAssertion(parts: AssertionParts): string {
  const { inResponseTo, sessionEndsMs } = parts;
  const attributes = Object.entries(parts.attributes).map(
    ([name, values]) =>
      `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`,
  );
  return (
    `<saml:Assertion xmlns:saml="${SAML}" ID="${parts.id}" Version="${parts.version}" IssueInstant="${at(parts.issuedMs)}">` +
    `<saml:Issuer>${parts.issuer}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${parts.nameId}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${parts.method}"><saml:SubjectConfirmationData NotOnOrAfter="${at(parts.notOnOrAfterMs)}" Recipient="${parts.recipient}"${inResponseTo === undefined ? '' : ` InResponseTo="${inResponseTo}"`}/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${at(parts.notBeforeMs)}" NotOnOrAfter="${at(parts.notOnOrAfterMs)}"><saml:AudienceRestriction><saml:Audience>${parts.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${at(parts.issuedMs)}"${sessionEndsMs === undefined ? '' : ` SessionNotOnOrAfter="${at(sessionEndsMs)}"`}><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement></saml:Assertion>`
  );
}

export interface ResponseParts {
  readonly inResponseTo: string;
  readonly destination: string;
  readonly status?: string;
}

/** A response around any text. */
export function writeResponse(inner: string, parts: ResponseParts): string {
  const status = parts.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success';
  return (
    `<samlp:Response xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ID="_r1" Version="2.0" IssueInstant="${at(0)}" Destination="${parts.destination}" InResponseTo="${parts.inResponseTo}">` +
    `<saml:Issuer>${IDP}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>${inner}</samlp:Response>`
  );
}

export interface SignatureChoices {
  readonly algorithm?: string;
  readonly digest?: string;
  readonly transforms?: readonly string[];
  /** Puts the signer's own certificate into the signature. */
  readonly keyInfo?: string;
}

/** Signs the element with this local name, its signature inside it after the issuer. */
export function signElement(
  xml: string,
  element: 'Assertion' | 'Response',
  key: Pick<IdpKey, 'privateKey'>,
  choices: SignatureChoices = {},
): string {
  const path = `//*[local-name(.)='${element}']`;
  const signer = new SignedXml({
    privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    signatureAlgorithm: choices.algorithm ?? RSA_SHA256,
    canonicalizationAlgorithm: C14N,
    getKeyInfoContent: () =>
      choices.keyInfo === undefined
        ? null
        : `<X509Data><X509Certificate>${choices.keyInfo.replace(/-----[A-Z ]+-----|\s/g, '')}</X509Certificate></X509Data>`,
  });
  signer.addReference({
    xpath: path,
    digestAlgorithm: choices.digest ?? SHA256,
    transforms: [
      ...(choices.transforms ?? ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', C14N]),
    ],
  });
  signer.computeSignature(xml, {
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  return signer.getSignedXml();
}

export const encode = (xml: string): string => Buffer.from(xml).toString('base64');

/** What the gateway sent the browser with: the request's id and the state to give back. */
export function readAuthnRequest(address: string): {
  readonly xml: string;
  readonly requestId: string;
  readonly relayState: string;
} {
  const query = new URL(address).searchParams;
  const xml = inflateRawSync(Buffer.from(query.get('SAMLRequest') ?? '', 'base64')).toString();
  return {
    xml,
    requestId: /\bID="([^"]+)"/.exec(xml)?.[1] ?? '',
    relayState: query.get('RelayState') ?? '',
  };
}
