/**
 * The SAML identity provider of the tests as a server with a page to sign in on: it answers each request it is sent by posting a
 * signed assertion to the gateway, as browsers do (HTTP-POST binding).
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  encode,
  type IdpKey,
  readAuthnRequest,
  rightParts,
  signElement,
  writeAssertion,
  writeResponse,
} from './saml-idp.ts';

export interface SamlIdpServer {
  readonly ssoUrl: string;
  /** The last response that was posted, in base64. */
  lastResponse(): string;
  stop(): Promise<void>;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** `nameIds` are the people on its page; `key` signs. */
export async function startSamlIdp(
  key: IdpKey,
  nameIds: readonly string[],
): Promise<SamlIdpServer> {
  let last = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = url.searchParams.get('name');
    const send = (html: string): void => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${html}`);
    };
    if (name === null) {
      const hidden = [...url.searchParams]
        .map(([key, value]) => `<input type="hidden" name="${key}" value="${escapeHtml(value)}">`)
        .join('');
      const buttons = nameIds.map((id) => `<button name="name" value="${id}">${id}</button>`);
      return send(
        `<h1>Corporate sign-in</h1><form method="get">${hidden}${buttons.join('')}</form>`,
      );
    }
    const { xml, requestId, relayState } = readAuthnRequest(url.href);
    const acs = /AssertionConsumerServiceURL="([^"]+)"/.exec(xml)?.[1] ?? '';
    const audience = /<saml:Issuer[^>]*>([^<]+)</.exec(xml)?.[1] ?? '';
    const parts = rightParts({ audience, recipient: acs, requestId }, { nameId: name });
    const signed = signElement(writeAssertion(parts), 'Assertion', key);
    last = encode(writeResponse(signed, { inResponseTo: requestId, destination: acs }));
    send(
      `<form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${last}"><input type="hidden" name="RelayState" value="${escapeHtml(relayState)}"><button name="go" value="yes">Continue</button></form>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ssoUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sso`,
    lastResponse: () => last,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
