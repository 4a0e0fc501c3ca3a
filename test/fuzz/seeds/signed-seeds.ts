/** Tokens and certificates that are really signed, by keys made anew each time: what is called with them differs from run to run. */
import { execFileSync } from 'node:child_process';
import {
  constants,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SignedSeeds {
  readonly tokens: readonly string[];
  /** Secrets, public keys and certificates as PEM, keys as JWK and JWKS. */
  readonly keys: readonly string[];
  readonly constraints: readonly unknown[];
  readonly certificates: readonly string[];
  readonly requests: readonly string[];
  readonly privateKeys: readonly string[];
  /** Of the certificate that is neither root nor between. */
  readonly leafKey: string;
  readonly verifyOptions: readonly unknown[];
}

const SECRET = 'secret';
const HOUR_NS = 3_600_000_000_000n;
const FUTURE = 4_102_444_800;
const PAYLOADS: readonly object[] = [
  { a: 1 },
  { exp: 1_000 },
  { exp: FUTURE, nbf: 1_000 },
  { nbf: FUTURE },
  { aud: 'a', iss: 'i' },
  { aud: ['a', 'b'] },
  { exp: 'soon' },
  { exp: 1e9 + 0.5, iat: FUTURE },
  { aud: 5, iss: [] },
];
const HEADERS: readonly object[] = [
  {},
  { kid: 'k1' },
  { typ: 'JWT', cty: 'JWT' },
  { crit: ['exp'] },
  { crit: ['b64'], b64: false },
];
const CONFIG = `[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true, pathlen:2
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:false
keyUsage = digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:a.example, DNS:*.b.example, IP:10.0.0.1, IP:::1, email:x@y.z, URI:spiffe://t/w
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[asked]
subjectAltName = DNS:a.example, IP:10.0.0.1, email:x@y.z, URI:spiffe://t/w
keyUsage = digitalSignature
[code]
extendedKeyUsage = codeSigning
subjectAltName = DNS:code.example
`;

const encode = (value: object | Buffer): string =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url');

type Signer = (text: Buffer) => Buffer;

function signerOf(alg: string, key: KeyObject): Signer {
  const hash = `sha${alg.slice(2)}`;
  if (alg === 'EdDSA') return (text) => sign(null, text, key);
  if (alg.startsWith('ES')) return (text) => sign(hash, text, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('RS')) return (text) => sign(hash, text, key);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return (text) => sign(hash, text, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
}

function tokenOf(alg: string, signer: Signer, header: object, payload: object): string {
  const text = `${encode({ alg, ...header })}.${encode(payload)}`;
  return `${text}.${encode(signer(Buffer.from(text)))}`;
}

/** Everything, by node's cryptography and the program `openssl`. */
export function makeSignedSeeds(): SignedSeeds {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const curves = ['P-256', 'P-384', 'P-521'].map((namedCurve) =>
    generateKeyPairSync('ec', { namedCurve }),
  );
  const edwards = generateKeyPairSync('ed25519');
  const pairs = [rsa, ...curves, edwards];
  const algorithms: (readonly [string, Signer])[] = ['256', '384', '512'].flatMap((bits, at) => {
    const curve = curves[at] ?? rsa;
    return [
      [`HS${bits}`, (text) => createHmac(`sha${bits}`, SECRET).update(text).digest()],
      [`RS${bits}`, signerOf(`RS${bits}`, rsa.privateKey)],
      [`PS${bits}`, signerOf(`PS${bits}`, rsa.privateKey)],
      [`ES${bits}`, signerOf(`ES${bits}`, curve.privateKey)],
    ] as const;
  });
  algorithms.push(['EdDSA', signerOf('EdDSA', edwards.privateKey)]);
  const tokens = algorithms.flatMap(([alg, signer]) => [
    ...PAYLOADS.map((payload) => tokenOf(alg, signer, {}, payload)),
    ...HEADERS.map((header) => tokenOf(alg, signer, header, { a: 1 })),
  ]);
  const jwks = pairs.map(({ publicKey }) => ({
    kid: 'k1',
    ...publicKey.export({ format: 'jwk' }),
  }));
  const made = makeCertificates(rsa.privateKey, curves[0]?.privateKey ?? rsa.privateKey);
  const keys = [
    SECRET,
    ...pairs.map(({ publicKey }) => String(publicKey.export({ format: 'pem', type: 'spki' }))),
    String(rsa.publicKey.export({ format: 'pem', type: 'pkcs1' })),
    ...jwks.map((jwk) => JSON.stringify(jwk)),
    JSON.stringify({ keys: jwks }),
    ...made.certificates.slice(0, 3),
  ];
  const names = algorithms.map(([alg]) => alg);
  return {
    ...made,
    tokens,
    keys,
    constraints: [
      { secret: SECRET },
      ...keys.map((cert) => ({ cert })),
      ...names.map((alg, at) => ({ cert: keys[1 + (at % 6)], alg })),
      ...names.slice(0, 3).map((alg) => ({ secret: SECRET, alg })),
      { secret: SECRET, iss: 'i', aud: 'a' },
      { secret: SECRET, aud: 'b' },
      { secret: SECRET, aud: ['a'] },
      { secret: SECRET, iss: 'j' },
      { secret: SECRET, time: 999n * 1_000_000_000n },
      { secret: SECRET, time: 1_000n * 1_000_000_000n },
      { secret: SECRET, time: 'x' },
      { secret: SECRET, cert: keys[1] },
    ],
    privateKeys: [
      ...pairs.map(({ privateKey }) => String(privateKey.export({ format: 'pem', type: 'pkcs8' }))),
      String(rsa.privateKey.export({ format: 'pem', type: 'pkcs1' })),
      String(curves[1]?.privateKey.export({ format: 'pem', type: 'sec1' })),
    ],
    verifyOptions: [
      {},
      { DNSName: 'a.example' },
      { DNSName: 'x.b.example' },
      { DNSName: 'c.example' },
      { CurrentTime: 1_000 },
      { CurrentTime: 1n + HOUR_NS * 1_000_000n },
      { MaxConstraintComparisons: 5 },
      { KeyUsages: ['KeyUsageAny'] },
      { KeyUsages: ['KeyUsageCodeSigning'] },
      { KeyUsages: ['KeyUsageServerAuth', 'KeyUsageClientAuth'] },
      { KeyUsages: ['x'] },
      { x: 1 },
    ],
  };
}

/** A root, one below it, and what they signed, in a folder that is gone after. */
function makeCertificates(rsa: KeyObject, curve: KeyObject) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-seeds-'));
  const at = (name: string): string => join(folder, name);
  const run = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  try {
    writeFileSync(at('c.cnf'), CONFIG);
    const keyOf = (key: KeyObject) => String(key.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(at('root.key'), keyOf(rsa));
    writeFileSync(at('mid.key'), keyOf(curve));
    writeFileSync(
      at('leaf.key'),
      keyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    );
    const request = (name: string, subject: string, part: string): void =>
      run(
        'req',
        '-new',
        '-key',
        `${name}.key`,
        '-subj',
        subject,
        '-config',
        'c.cnf',
        '-reqexts',
        part,
        '-out',
        `${name}.csr`,
      );
    const signed = (name: string, by: string, part: string, out = name): void =>
      run(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${by}.crt`,
        '-CAkey',
        `${by}.key`,
        '-CAcreateserial',
        '-days',
        '3650',
        '-extfile',
        'c.cnf',
        '-extensions',
        part,
        '-out',
        `${out}.crt`,
      );
    run(
      'req',
      '-x509',
      '-new',
      '-key',
      'root.key',
      '-subj',
      '/C=DE/O=Root/CN=root',
      '-days',
      '3650',
      '-config',
      'c.cnf',
      '-extensions',
      'ca',
      '-out',
      'root.crt',
    );
    request('mid', '/O=Mid/OU=One/CN=mid', 'ca');
    signed('mid', 'root', 'ca');
    request('leaf', '/CN=leaf.example/L=Köln', 'asked');
    signed('leaf', 'mid', 'leaf');
    signed('leaf', 'mid', 'code', 'code');
    const pem = (name: string): string => readFileSync(at(name), 'utf8');
    const [root, mid, leaf, code] = ['root.crt', 'mid.crt', 'leaf.crt', 'code.crt'].map(pem);
    const chain = `${root}${mid}${leaf}`;
    const der = (text = ''): string => text.replaceAll(/-----[^-]+-----|\n/g, '');
    return {
      certificates: [
        root ?? '',
        mid ?? '',
        leaf ?? '',
        chain,
        `${root}${mid}${code}`,
        `${root}${leaf}`,
        `${leaf}${mid}${root}`,
        der(leaf),
        Buffer.from(chain).toString('base64'),
        'x',
        '',
      ],
      requests: [
        pem('leaf.csr'),
        der(pem('leaf.csr')),
        Buffer.from(pem('mid.csr')).toString('base64'),
        'x',
      ],
      leafKey: String(createPrivateKey(pem('leaf.key')).export({ format: 'pem', type: 'sec1' })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
