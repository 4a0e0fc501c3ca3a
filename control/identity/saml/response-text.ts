/**
 * Looks at the text of a SAML response before any XML parser does: what is not needed to say who signed in, and has carried attacks
 * on other readers, is refused. Comments and CDATA split a name in two, a DOCTYPE brings entities, and an algorithm that is not
 * listed signs nothing here. It trusts nothing; signatures are checked in verify-response.ts. OASIS SAML 2.0 core section 5.4.
 */
import { type Refusal, refuse } from '../../../proxy/gate/refusal.ts';

/** Characters of a response in base64. */
export const MAX_RESPONSE_LENGTH = 200_000;
/** Elements of a response. */
const MAX_ELEMENTS = 5_000;

const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/;
const DECLARATION = /^<\?xml [^<>?]*\?>/;
const ALGORITHM = /\bAlgorithm\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const ALGORITHMS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/10/xml-exc-c14n#',
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);

/** The XML of a `SAMLResponse` parameter, unverified. */
export function readResponseText(parameter: string): string | Refusal {
  if (parameter.length > MAX_RESPONSE_LENGTH)
    return no('identity/oversized', 'the response is too long');
  if (!BASE64.test(parameter)) return no('identity/malformed', 'this is no SAML response');
  const bytes = Buffer.from(parameter, 'base64');
  const xml = bytes.toString('utf8');
  if (Buffer.byteLength(xml) !== bytes.length || xml.includes('\ufffd') || xml.includes('\0'))
    return no('identity/malformed', 'this is no SAML response');
  const body = xml.replace(DECLARATION, '');
  if (/<[!?]/.test(body))
    return no('identity/malformed', 'a response holds no comments, CDATA or document types');
  if ((body.match(/<[^/]/g)?.length ?? 0) > MAX_ELEMENTS)
    return no('identity/oversized', 'the response has too many parts');
  for (const [, quoted, single] of body.matchAll(ALGORITHM))
    if (!ALGORITHMS.has(quoted ?? single ?? ''))
      return no('identity/wrong-algorithm', 'the response is signed in a way not accepted');
  return xml;
}

function no(code: string, message: string): Refusal {
  return refuse('unauthenticated', code, message);
}
