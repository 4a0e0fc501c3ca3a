/**
 * Certificates and signing requests as objects with the fields of Go's `crypto/x509`. Constraints of names and of policies are not read:
 * their fields are as those of a certificate without any. RFC 5280, RFC 2986.
 */
import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { fromInteger } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
import {
  type CertificateExtension,
  ExtensionReader,
  readExtensions,
} from './certificate-extensions.ts';
import { keyNumber, publicKeyValue, signatureNumber } from './certificate-keys.ts';
import { EXTENDED_USAGES } from './certificate-usages.ts';
import { type DerValue, readDer, readDerMembers, readOid } from './der.ts';

/** Attribute types of a name and the field Go collects them in. */
const NAME_FIELDS: ReadonlyMap<string, string> = new Map([
  ['2.5.4.6', 'Country'],
  ['2.5.4.10', 'Organization'],
  ['2.5.4.11', 'OrganizationalUnit'],
  ['2.5.4.7', 'Locality'],
  ['2.5.4.8', 'Province'],
  ['2.5.4.9', 'StreetAddress'],
  ['2.5.4.17', 'PostalCode'],
]);
const COMMON_NAME = '2.5.4.3';
const SERIAL_NUMBER = '2.5.4.5';
const BMP_STRING = 0x1e;

/** A distinguished name; lists are null when the name has no such attribute. */
export function nameValue(name: DerValue | undefined): RegoObject {
  const lists = new Map<string, Value[]>();
  const names: Value[] = [];
  const single = new Map([
    [COMMON_NAME, ''],
    [SERIAL_NUMBER, ''],
  ]);
  for (const relative of name === undefined ? [] : (readDerMembers(name.contents) ?? [])) {
    for (const attribute of readDerMembers(relative.contents) ?? []) {
      const [type, text] = readDerMembers(attribute.contents) ?? [];
      if (type === undefined || text === undefined) continue;
      const oid = readOid(type.contents);
      const value = readText(text);
      names.push(
        RegoObject.from([
          ['Type', oid.split('.').map(Number)],
          ['Value', value],
        ]),
      );
      if (single.has(oid)) single.set(oid, value);
      const field = NAME_FIELDS.get(oid);
      if (field !== undefined) lists.set(field, [...(lists.get(field) ?? []), value]);
    }
  }
  const fields = [...NAME_FIELDS.values()].map(
    (field) => [field, lists.get(field) ?? null] as const,
  );
  return RegoObject.from([
    ...fields,
    ['CommonName', single.get(COMMON_NAME) ?? ''],
    ['SerialNumber', single.get(SERIAL_NUMBER) ?? ''],
    ['Names', names],
    ['ExtraNames', null],
  ]);
}

function readText({ tag, contents }: DerValue): string {
  return tag === BMP_STRING
    ? Buffer.from(contents).swap16().toString('utf16le')
    : contents.toString('utf8');
}

type Field = readonly [name: string, value: Value];

/** Go's nil slice where there is nothing. */
const listOrNull = (values: readonly Value[]): Value => (values.length === 0 ? null : values);
const base64 = (bytes: Buffer | undefined): string => (bytes ?? Buffer.alloc(0)).toString('base64');
const base64OrNull = (bytes: Buffer | undefined): Value => bytes?.toString('base64') ?? null;
const arcs = (oid: string): readonly Value[] =>
  oid.split('.').map((arc) => fromInteger(BigInt(arc)));

/** Fields that only constraints of names and policies fill. */
const UNREAD: readonly Field[] = [
  ...[
    'ExcludedDNSDomains',
    'ExcludedEmailAddresses',
    'ExcludedIPRanges',
    'ExcludedURIDomains',
    'ExtraExtensions',
    'PermittedDNSDomains',
    'PermittedEmailAddresses',
    'PermittedIPRanges',
    'PermittedURIDomains',
    'PolicyMappings',
  ].map((name) => [name, null] as const),
  ...['InhibitAnyPolicy', 'InhibitPolicyMapping', 'RequireExplicitPolicy'].flatMap(
    (name): Field[] => [
      [name, 0],
      [`${name}Zero`, false],
    ],
  ),
  ['PermittedDNSDomainsCritical', false],
];

const URL_PARTS =
  /^([a-zA-Z][\w+.-]*):(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(\?[^#]*)?(?:#(.*))?$/s;

/** A URI by the fields of Go's `net/url`. */
function urlValue(source: string): RegoObject {
  const [, scheme = '', user, host, rest = '', query = '', fragment = ''] =
    URL_PARTS.exec(source) ?? [];
  const isOpaque = host === undefined && !rest.startsWith('/');
  return RegoObject.from([
    ['Scheme', scheme.toLowerCase()],
    ['Opaque', isOpaque ? rest : ''],
    ['User', user === undefined ? null : RegoObject.EMPTY],
    ['Host', host ?? ''],
    ['Path', isOpaque ? '' : rest],
    ['RawPath', ''],
    ['OmitHost', host === undefined && !isOpaque],
    ['ForceQuery', query === '?'],
    ['RawQuery', query.slice(1)],
    ['Fragment', fragment],
    ['RawFragment', ''],
  ]);
}

function extensionValue({ id, isCritical, value }: CertificateExtension): RegoObject {
  return RegoObject.from([
    ['Id', arcs(id)],
    ['Critical', isCritical],
    ['Value', value.toString('base64')],
  ]);
}

/** What certificates and requests have in common. */
function subjectFields(key: KeyObject, extensions: ExtensionReader): Field[] {
  const { dns, emails, addresses, uris } = extensions.alternativeNames;
  return [
    ['PublicKey', publicKeyValue(key)],
    ['PublicKeyAlgorithm', keyNumber(key)],
    ['Extensions', listOrNull(extensions.all.map(extensionValue))],
    ['DNSNames', listOrNull(dns)],
    ['EmailAddresses', listOrNull(emails)],
    ['IPAddresses', listOrNull(addresses)],
    ['URIs', listOrNull(uris.map(urlValue))],
  ];
}

function usageFields(extensions: ExtensionReader): Field[] {
  const usages = extensions.extendedKeyUsage;
  const known = usages.flatMap(
    (oid) => EXTENDED_USAGES.find((one) => one.oid === oid)?.number ?? [],
  );
  const unknown = usages.filter((oid) => !EXTENDED_USAGES.some((one) => one.oid === oid));
  const basic = extensions.basicConstraints;
  return [
    ['KeyUsage', extensions.keyUsage],
    ['ExtKeyUsage', listOrNull(known)],
    ['UnknownExtKeyUsage', listOrNull(unknown.map(arcs))],
    ['BasicConstraintsValid', basic !== undefined],
    ['IsCA', basic?.isCa ?? false],
    ['MaxPathLen', basic?.maxPathLength ?? 0],
    ['MaxPathLenZero', basic?.maxPathLength === 0],
    ['SubjectKeyId', base64OrNull(extensions.subjectKeyId)],
    ['AuthorityKeyId', base64OrNull(extensions.authorityKeyId)],
    ['OCSPServer', listOrNull(extensions.ocspServers)],
    ['IssuingCertificateURL', listOrNull(extensions.issuerUrls)],
    ['CRLDistributionPoints', listOrNull(extensions.distributionPoints)],
    ['PolicyIdentifiers', listOrNull(extensions.policies.map(arcs))],
    ['Policies', listOrNull(extensions.policies)],
    ['UnhandledCriticalExtensions', listOrNull(extensions.unhandledCritical.map(arcs))],
  ];
}

function rfc3339(text: string): string {
  return new Date(text).toISOString().replace(/\.000Z$/, 'Z');
}

/** The extensions of a certificate. */
export function extensionsOf(certificate: X509Certificate): ExtensionReader {
  const [body] = readDerMembers(readDer(certificate.raw)?.contents ?? Buffer.alloc(0)) ?? [];
  const fields = readDerMembers(body?.contents ?? Buffer.alloc(0)) ?? [];
  const list = fields.find(({ tag }) => tag === 0xa3);
  return new ExtensionReader(readExtensions(list && readDer(list.contents)));
}

/** A parsed certificate as a value. */
export function certificateValue(certificate: X509Certificate): RegoObject {
  const parts = readDerMembers(readDer(certificate.raw)?.contents ?? Buffer.alloc(0)) ?? [];
  const [body, algorithm, signature] = parts;
  const fields = readDerMembers(body?.contents ?? Buffer.alloc(0)) ?? [];
  const hasVersion = fields[0]?.tag === 0xa0;
  const at = hasVersion ? 1 : 0;
  const version = hasVersion ? (fields[0]?.contents.at(-1) ?? 0) + 1 : 1;
  const extensions = extensionsOf(certificate);
  return RegoObject.from([
    ['Raw', certificate.raw.toString('base64')],
    ['RawTBSCertificate', base64(body?.bytes)],
    ['RawSubjectPublicKeyInfo', base64(fields[at + 5]?.bytes)],
    ['RawSubject', base64(fields[at + 4]?.bytes)],
    ['RawIssuer', base64(fields[at + 2]?.bytes)],
    ['Signature', base64(signature?.contents.subarray(1))],
    ['SignatureAlgorithm', signatureNumber(algorithm)],
    ['Version', version],
    ['SerialNumber', fromInteger(BigInt(`0x${certificate.serialNumber}`))],
    ['Issuer', nameValue(fields[at + 2])],
    ['Subject', nameValue(fields[at + 4])],
    ['NotBefore', rfc3339(certificate.validFrom)],
    ['NotAfter', rfc3339(certificate.validTo)],
    ...subjectFields(certificate.publicKey, extensions),
    ...usageFields(extensions),
    ...UNREAD,
  ]);
}

/** The same with the texts of URIs, as OPA adds them where it does not verify with options. */
export function extendedCertificateValue(certificate: X509Certificate): RegoObject {
  const { uris } = extensionsOf(certificate).alternativeNames;
  return RegoObject.from([...certificateValue(certificate), ['URIStrings', listOrNull(uris)]]);
}

/** Attribute that holds the extensions a request asks for. */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** A signing request as a value; `undefined` when the bytes are none. */
export function requestValue(bytes: Buffer): RegoObject | undefined {
  const outer = readDer(bytes);
  const [body, algorithm, signature] =
    outer?.tag === 0x30 ? (readDerMembers(outer.contents) ?? []) : [];
  const [version, subject, key, attributes] =
    readDerMembers(body?.contents ?? Buffer.alloc(0)) ?? [];
  if (signature === undefined || subject?.tag !== 0x30 || key?.tag !== 0x30) return undefined;
  const publicKey = readPublicKey(key.bytes);
  if (publicKey === undefined) return undefined;
  const asked = attributesOf(attributes);
  const extensions = asked.find(({ id }) => id === EXTENSION_REQUEST)?.values[0];
  const reader = new ExtensionReader(readExtensions(extensions));
  return RegoObject.from([
    ['Raw', outer?.bytes.toString('base64') ?? ''],
    ['RawTBSCertificateRequest', base64(body?.bytes)],
    ['RawSubject', subject.bytes.toString('base64')],
    ['RawSubjectPublicKeyInfo', key.bytes.toString('base64')],
    ['Version', version?.contents.at(-1) ?? 0],
    ['Subject', nameValue(subject)],
    ['Signature', base64(signature.contents.subarray(1))],
    ['SignatureAlgorithm', signatureNumber(algorithm)],
    ['ExtraExtensions', null],
    ['Attributes', listOrNull(asked.flatMap(attributeValue))],
    ...subjectFields(publicKey, reader),
  ]);
}

function readPublicKey(bytes: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
  } catch {
    // node:crypto reports malformed DER only by throwing.
    return undefined;
  }
}

interface Attribute {
  readonly id: string;
  readonly values: readonly DerValue[];
}

function attributesOf(list: DerValue | undefined): Attribute[] {
  return (readDerMembers(list?.contents ?? Buffer.alloc(0)) ?? []).flatMap((attribute) => {
    const [id, values] = readDerMembers(attribute.contents) ?? [];
    if (id === undefined || values === undefined) return [];
    return [{ id: readOid(id.contents), values: readDerMembers(values.contents) ?? [] }];
  });
}

/** Only extensions have the form that Go shows of attributes. */
function attributeValue({ id, values }: Attribute): RegoObject[] {
  if (id !== EXTENSION_REQUEST) return [];
  const shown = values.map((value) =>
    readExtensions(value).map((extension) =>
      RegoObject.from([
        ['Type', arcs(extension.id)],
        // Go takes the second member for the value, which is the flag where there is one.
        ['Value', extension.isCritical ? true : extension.value.toString('base64')],
      ]),
    ),
  );
  return [
    RegoObject.from([
      ['Type', arcs(id)],
      ['Value', shown],
    ]),
  ];
}
