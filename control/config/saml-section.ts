/**
 * `saml:` of the configuration: SAML 2.0 identity providers that people sign in with, and what their assertions stand for here.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { isSafeUrl } from '../identity/providers/fetch-json.ts';
import type { Provider } from '../identity/providers/provider.ts';
import type { SamlProvider } from '../identity/saml/saml-provider.ts';
import { mappingKeys, toMapping } from './mapping-keys.ts';
import { closed, expandable, name } from './schema-parts.ts';
import type { SettingsFault } from './settings.ts';

const MAX_CERTIFICATES = 8;
const USUAL_CLAIMS = { subject: 'NameID', name: 'displayName', email: 'mail', mfa: [] };

export const SamlSchema = Type.Object(
  {
    name: name('What records and messages call it.'),
    entity_id: expandable('Its own entity id, exactly.'),
    sso_url: expandable('Where it takes sign-ins (HTTP-Redirect binding); an https address.'),
    certificates: Type.Array(expandable('A PEM file.'), {
      description: 'PEM files with the certificates it signs assertions with, old and new.',
      minItems: 1,
      maxItems: MAX_CERTIFICATES,
    }),
    sp_entity_id: Type.Optional(
      expandable('Entity id of this gateway; the address of its metadata when left out.'),
    ),
    ...mappingKeys(USUAL_CLAIMS),
  },
  closed,
);

/** What is read together with the section. */
export interface SamlSurroundings {
  /** `listen.api_url`, where browsers reach the gateway. */
  readonly apiUrl: string | undefined;
  readonly issuers: readonly Provider[];
  readonly at: (path: string) => string;
}

/** The providers of a validated configuration; faults are listed. */
export function readSamlSection(
  section: readonly Static<typeof SamlSchema>[] | undefined,
  { apiUrl, issuers, at }: SamlSurroundings,
  faults: SettingsFault[],
): readonly SamlProvider[] {
  const providers: SamlProvider[] = [];
  for (const [index, entry] of (section ?? []).entries()) {
    const fault = (key: string, message: string, help: string): void =>
      void faults.push({ path: ['saml', index, key], message, help });
    const others = [...issuers, ...providers];
    const mapping = toMapping(entry, 'human', USUAL_CLAIMS);
    if (others.some((other) => other.name === entry.name))
      fault('name', `\`${entry.name}\` is used twice`, 'every name stands for one thing only');
    if (others.some((other) => other.mapping.prefix === mapping.prefix))
      fault(
        'prefix',
        `\`${mapping.prefix}\` is used twice`,
        'two providers could name one subject',
      );
    if (others.some((other) => other.issuer === entry.entity_id))
      fault('entity_id', `\`${entry.entity_id}\` is used twice`, 'one entry for each provider');
    if (!isSafeUrl(entry.sso_url))
      fault('sso_url', 'people would sign in over an open line', 'use https');
    if (apiUrl === undefined)
      fault(
        'name',
        'a SAML provider sends people back to an address of this gateway',
        'say with `listen.api_url` where browsers reach it',
      );
    const base = `${apiUrl ?? 'http://127.0.0.1'}/saml/${entry.name}`;
    providers.push({
      name: entry.name,
      issuer: entry.entity_id,
      ssoUrl: entry.sso_url,
      certificates: entry.certificates.flatMap((file) => readCertificate(at(file), fault)),
      spEntityId: entry.sp_entity_id ?? `${base}/metadata`,
      acsUrl: `${base}/acs`,
      mapping,
    });
  }
  return providers;
}

function readCertificate(
  file: string,
  fault: (key: string, message: string, help: string) => void,
): readonly string[] {
  try {
    return [new X509Certificate(readFileSync(file)).toString()];
  } catch {
    fault('certificates', `\`${file}\` holds no certificate`, 'one PEM certificate in each file');
    return [];
  }
}
