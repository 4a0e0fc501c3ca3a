/** Extensions of certificates and of requests for them, read from DER. What is malformed reads as absent, and is unhandled. RFC 5280, 4.2. */
import { addressText } from './addresses.ts';
import { type DerValue, readDer, readDerMembers, readOid } from './der.ts';

export interface CertificateExtension {
  readonly id: string;
  readonly isCritical: boolean;
  readonly value: Buffer;
}

export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly emails: readonly string[];
  readonly addresses: readonly string[];
  readonly uris: readonly string[];
}

export interface BasicConstraints {
  readonly isCa: boolean;
  /** -1 where it is not limited. */
  readonly maxPathLength: number;
}

export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  distributionPoints: '2.5.29.31',
  policies: '2.5.29.32',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityAccess: '1.3.6.1.5.5.7.1.1',
} as const;
/** Critical extensions that stop nobody: those above, and constraints of policies. */
const HANDLED: readonly string[] = [
  ...Object.values(EXTENSION),
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.54',
];
const OCSP = '1.3.6.1.5.5.7.48.1';
const ISSUERS = '1.3.6.1.5.5.7.48.2';
const KEY_USAGE_BITS = 9;
const SEQUENCE = 0x30;

/** The extensions in a sequence of them. */
export function readExtensions(list: DerValue | undefined): CertificateExtension[] {
  return membersOf(list).flatMap((extension) => {
    const [id, ...rest] = membersOf(extension);
    const value = rest.at(-1);
    if (id === undefined || value?.tag !== 0x04) return [];
    const isCritical = rest.length > 1 && rest[0]?.contents[0] === 0xff;
    return [{ id: readOid(id.contents), isCritical, value: value.contents }];
  });
}

/** What the extensions of a certificate say. */
export class ExtensionReader {
  readonly all: readonly CertificateExtension[];

  constructor(all: readonly CertificateExtension[]) {
    this.all = all;
  }

  has(id: string): boolean {
    return this.all.some((extension) => extension.id === id);
  }

  #find(id: string): DerValue | undefined {
    const extension = this.all.find((one) => one.id === id);
    return extension && readDer(extension.value);
  }

  get unhandledCritical(): readonly string[] {
    return this.all
      .filter(({ id, isCritical }) => isCritical && !HANDLED.includes(id))
      .map(({ id }) => id);
  }

  get basicConstraints(): BasicConstraints | undefined {
    const found = this.#find(EXTENSION.basicConstraints);
    if (found?.tag !== SEQUENCE) return undefined;
    const members = membersOf(found);
    const isCa = members[0]?.tag === 0x01 && members[0].contents[0] === 0xff;
    const length = members.find(({ tag }) => tag === 0x02);
    return { isCa, maxPathLength: length === undefined ? -1 : smallInteger(length.contents) };
  }

  /** One bit a purpose, the first lowest. */
  get keyUsage(): number {
    const bits = this.#find(EXTENSION.keyUsage)?.contents.subarray(1) ?? Buffer.alloc(0);
    let usage = 0;
    for (let bit = 0; bit < KEY_USAGE_BITS; bit += 1)
      if (((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) usage |= 1 << bit;
    return usage;
  }

  get extendedKeyUsage(): readonly string[] {
    return membersOf(this.#find(EXTENSION.extendedKeyUsage)).map(({ contents }) =>
      readOid(contents),
    );
  }

  get subjectKeyId(): Buffer | undefined {
    return this.#find(EXTENSION.subjectKeyId)?.contents;
  }

  get authorityKeyId(): Buffer | undefined {
    const members = membersOf(this.#find(EXTENSION.authorityKeyId));
    return members.find(({ tag }) => tag === 0x80)?.contents;
  }

  get alternativeNames(): AlternativeNames {
    const names = membersOf(this.#find(EXTENSION.alternativeNames));
    const textsOf = (wanted: number): string[] =>
      names.filter(({ tag }) => tag === wanted).map(({ contents }) => contents.toString('latin1'));
    const addresses = names
      .filter(({ tag }) => tag === 0x87)
      .map(({ contents }) => addressOf(contents));
    return { dns: textsOf(0x82), emails: textsOf(0x81), uris: textsOf(0x86), addresses };
  }

  get ocspServers(): readonly string[] {
    return this.#access(OCSP);
  }

  get issuerUrls(): readonly string[] {
    return this.#access(ISSUERS);
  }

  #access(method: string): string[] {
    return membersOf(this.#find(EXTENSION.authorityAccess)).flatMap((description) => {
      const [id, location] = membersOf(description);
      const isWanted = id !== undefined && readOid(id.contents) === method;
      return isWanted && location?.tag === 0x86 ? [location.contents.toString('latin1')] : [];
    });
  }

  get distributionPoints(): readonly string[] {
    return membersOf(this.#find(EXTENSION.distributionPoints)).flatMap((point) => {
      const name = membersOf(point).find(({ tag }) => tag === 0xa0);
      const full = membersOf(name).find(({ tag }) => tag === 0xa0);
      return membersOf(full)
        .filter(({ tag }) => tag === 0x86)
        .map(({ contents }) => contents.toString('latin1'));
    });
  }

  get policies(): readonly string[] {
    return membersOf(this.#find(EXTENSION.policies)).flatMap((policy) => {
      const [id] = membersOf(policy);
      return id === undefined ? [] : [readOid(id.contents)];
    });
  }
}

function membersOf(value: DerValue | undefined): readonly DerValue[] {
  return value === undefined ? [] : (readDerMembers(value.contents) ?? []);
}

function smallInteger(contents: Buffer): number {
  return contents.length > 0 && contents.length <= 6 ? contents.readUIntBE(0, contents.length) : 0;
}

function addressOf(bytes: Buffer): string {
  const value = BigInt(`0x${bytes.toString('hex') || '0'}`);
  return addressText({ bits: bytes.length === 4 ? 32 : 128, value });
}
