import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSignedSeeds } from '../../fuzz/seeds/signed-seeds.ts';
import { callBuiltin } from '../../support/builtin-calls.ts';
import { resultsOf } from '../../support/builtin-results.ts';

const test = suite('engine/builtins/certificates');
const { certificates, requests, privateKeys, leafKey } = makeSignedSeeds();
const [root = '', , leaf = '', chain = '', codeChain = '', withoutMiddle = ''] = certificates;
const now = BigInt(Date.now()) * 1_000_000n;

const parsed = (source: string, field: string): string =>
  `crypto.x509.parse_certificates(${JSON.stringify(source)})[0].${field}`;

function verified(source: string, options: string): string {
  const call = `crypto.x509.parse_and_verify_certificates_with_options(${JSON.stringify(source)}, ${options})`;
  return `${call}[0]`;
}

const at = (more = ''): string => `{"CurrentTime": ${now}${more}}`;

test('certificates have the fields of Go', () => {
  assert.equal(
    resultsOf(
      ...['IPAddresses', 'DNSNames', 'EmailAddresses', 'URIStrings', 'KeyUsage', 'ExtKeyUsage'].map(
        (field) => parsed(leaf, field),
      ),
      ...['IsCA', 'MaxPathLen', 'SignatureAlgorithm', 'PublicKeyAlgorithm'].flatMap((field) => [
        parsed(leaf, field),
        parsed(root, field),
      ]),
      parsed(root, 'PublicKey.E'),
      parsed(leaf, 'URIs[0].Host'),
      `crypto.x509.parse_certificate_request(${JSON.stringify(requests[0])}).DNSNames`,
    ),
    [
      ['10.0.0.1', '::1'],
      ['a.example', '*.b.example'],
      ['x@y.z'],
      ['spiffe://t/w'],
      5,
      [1, 2],
      ...[false, true, -1, 2, 10, 4, 3, 1],
      65_537,
      't',
      ['a.example'],
    ],
  );
});

test('a chain counts for the names, purposes and times of its certificates', () => {
  assert.equal(
    resultsOf(
      verified(chain, at()),
      verified(chain, at(', "DNSName": "a.example"')),
      verified(chain, at(', "DNSName": "x.b.example"')),
      verified(chain, at(', "DNSName": "leaf.example"')),
      verified(chain, at(', "DNSName": "a.example\\u0000"')),
      verified(chain, at(', "KeyUsages": []')),
      verified(chain, at(', "KeyUsages": ["KeyUsageCodeSigning"]')),
      verified(codeChain, at()),
      verified(codeChain, at(', "KeyUsages": ["KeyUsageCodeSigning"]')),
      verified(codeChain, at(', "KeyUsages": ["KeyUsageAny"]')),
      verified(withoutMiddle, at()),
      verified(chain, '{"CurrentTime": 0}'),
      verified(chain, '{"CurrentTime": 1.5}'),
      verified(chain, at(', "MaxConstraintComparisons": "x"')),
    ),
    [true, true, true, false, false, true, false, false, true, true, false, false, null, null],
  );
});

test('private keys have the fields of Go, and a pair is one that fits', () => {
  const [first = '', second = ''] = privateKeys;
  const [rsa, curve, pair, other] = resultsOf(
    `object.keys(crypto.parse_private_keys(${JSON.stringify(first)})[0])`,
    `object.keys(crypto.parse_private_keys(${JSON.stringify(second)})[0])`,
    `crypto.x509.parse_keypair(${JSON.stringify(leaf)}, ${JSON.stringify(leafKey)}).Leaf.IsCA`,
    `crypto.x509.parse_keypair(${JSON.stringify(leaf)}, ${JSON.stringify(second)})`,
  );
  assert.equal([...(rsa as Iterable<string>)].sort(), ['D', 'E', 'N', 'Precomputed', 'Primes']);
  assert.equal([...(curve as Iterable<string>)].sort(), ['Curve', 'D', 'X', 'Y']);
  assert.is(pair, false);
  assert.is(other, null);
});

test('a key that does not fit leaves nothing behind for the next one', () => {
  const [rsa = '', curve = ''] = privateKeys;
  const pair = callBuiltin('crypto.x509.parse_keypair', leaf, rsa);
  assert.is(pair, 'fault: tls: private key does not match public key');
  assert.match(callBuiltin('crypto.x509.parse_rsa_private_key', curve), /"kty":"EC"/);
});

test.run();
