/**
 * Certificates and signing requests as objects named as Go's `crypto/x509` names their fields. A chosen part of Go's fields: names,
 * serial number, validity, key usage by name of the purpose, alternative names, the raw bytes. RFC 5280, RFC 2986.
 */
import type { X509Certificate } from 'node:crypto';
import { fromInteger } from '../value/number.ts';
import { RegoObject } from '../value/object.ts';
import type { Value } from '../value/value.ts';
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

/** The alternative names of one kind, or null when there are none, as Go's nil slices become. */
function alternatives(certificate: X509Certificate, kind: string): Value {
  const names = [
    ...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)/g),
  ]
    .filter((match) => match[1] === kind)
    .map((match) => (match[2] ?? '').replace(/^"|"$/g, ''));
  return names.length === 0 ? null : names;
}

function rfc3339(text: string): string {
  return new Date(text).toISOString().replace(/\.000Z$/, 'Z');
}

/** A parsed certificate as a value. */
export function certificateValue(certificate: X509Certificate): RegoObject {
  const body = readDer(readDer(certificate.raw)?.contents ?? Buffer.alloc(0));
  const fields = readDerMembers(body?.contents ?? Buffer.alloc(0)) ?? [];
  const hasVersion = fields[0]?.tag === 0xa0;
  const at = hasVersion ? 1 : 0;
  const version = hasVersion ? (fields[0]?.contents.at(-1) ?? 0) + 1 : 1;
  return RegoObject.from([
    ['Raw', certificate.raw.toString('base64')],
    ['RawTBSCertificate', (body?.bytes ?? Buffer.alloc(0)).toString('base64')],
    ['RawSubjectPublicKeyInfo', (fields[at + 5]?.bytes ?? Buffer.alloc(0)).toString('base64')],
    ['RawSubject', (fields[at + 4]?.bytes ?? Buffer.alloc(0)).toString('base64')],
    ['RawIssuer', (fields[at + 2]?.bytes ?? Buffer.alloc(0)).toString('base64')],
    ['Version', version],
    ['SerialNumber', fromInteger(BigInt(`0x${certificate.serialNumber}`))],
    ['Issuer', nameValue(fields[at + 2])],
    ['Subject', nameValue(fields[at + 4])],
    ['NotBefore', rfc3339(certificate.validFrom)],
    ['NotAfter', rfc3339(certificate.validTo)],
    ['IsCA', certificate.ca],
    ['DNSNames', alternatives(certificate, 'DNS')],
    ['EmailAddresses', alternatives(certificate, 'email')],
    ['IPAddresses', alternatives(certificate, 'IP Address')],
    ['URIStrings', alternatives(certificate, 'URI')],
  ]);
}

/** A signing request as a value; `undefined` when the bytes are none. */
export function requestValue(bytes: Buffer): RegoObject | undefined {
  const outer = readDer(bytes);
  const members = outer?.tag === 0x30 ? readDerMembers(outer.contents) : undefined;
  const info =
    members?.length === 3 ? readDerMembers(members[0]?.contents ?? Buffer.alloc(0)) : undefined;
  const [version, subject, key] = info ?? [];
  if (version === undefined || subject?.tag !== 0x30 || key?.tag !== 0x30) return undefined;
  return RegoObject.from([
    ['Raw', bytes.toString('base64')],
    ['RawSubject', subject.bytes.toString('base64')],
    ['RawSubjectPublicKeyInfo', key.bytes.toString('base64')],
    ['Version', version.contents.at(-1) ?? 0],
    ['Subject', nameValue(subject)],
  ]);
}
