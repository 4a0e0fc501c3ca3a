/**
 * `GetSecretValue` as the service takes it. No AWS can run here: the stand-in checks the signature by its own reading of the
 * specification (AWS Signature Version 4, "Create a signed request") and answers as the API reference says.
 */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Secret } from '../../../control/config/secret.ts';
import { createAwsSource } from '../../../control/credentials/aws-source.ts';
import { createJsonSender } from '../../../control/credentials/json-request.ts';

const test = suite('control/credentials/aws-source');

const REGION = 'eu-central-1';
const KEY_ID = 'AKIDEXAMPLE';
const KEY = 'canary-aws-key-0a1b2c3d';
const SESSION = 'session-of-the-role';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** The signature that a request with this body must have. */
function expectedSignature(request: IncomingMessage, body: string): string {
  const { headers } = request;
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const date = String(headers['x-amz-date']);
  const scope = `${date.slice(0, 8)}/${REGION}/secretsmanager/aws4_request`;
  const canonical = [
    request.method,
    request.url,
    '',
    ...names
      .split(';')
      .map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const keys = [REGION, 'secretsmanager', 'aws4_request'];
  const key = keys.reduce(hmac, hmac(`AWS4${KEY}`, date.slice(0, 8)));
  return hmac(key, toSign).toString('hex');
}

const SECRETS: Readonly<Record<string, object>> = {
  'prod/shop': { SecretString: '{"username":"app","password":"pw","port":5432,"nested":{"a":1}}' },
  plain: { SecretString: 'just text' },
  bytes: { SecretBinary: Buffer.from('from bytes').toString('base64') },
  empty: {},
};

async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { headers } = request;
  const said = /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request/.exec(
    headers.authorization ?? '',
  );
  const isNow = Math.abs(Date.now() - parseDate(String(headers['x-amz-date']))) < 300_000;
  const signature = /Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1];
  if (
    said?.[1] !== KEY_ID ||
    said[3] !== REGION ||
    said[4] !== 'secretsmanager' ||
    !isNow ||
    signature !== expectedSignature(request, body)
  )
    return fault('InvalidSignatureException');
  if (headers['x-amz-security-token'] !== SESSION) return fault('UnrecognizedClientException');
  if (headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return fault('UnknownOperation');
  if (headers['content-type'] !== 'application/x-amz-json-1.1')
    return fault('SerializationException');
  const { SecretId: id } = JSON.parse(body) as { SecretId: string };
  const found = Object.hasOwn(SECRETS, id) ? SECRETS[id] : undefined;
  return found === undefined
    ? fault('com.amazonaws.secretsmanager#ResourceNotFoundException')
    : { status: 200, body: { ARN: `arn:aws:secretsmanager:${REGION}:1:secret:${id}`, ...found } };
}

function fault(type: string): { status: number; body: object } {
  return { status: 400, body: { __type: type, Message: 'a message that quotes what was sent' } };
}

function parseDate(text: string): number {
  return Date.parse(
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
}

const server = createServer((request, response) => {
  void answer(request).then(({ status, body }) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const sourceWith = (key: string, url = endpoint) =>
  createAwsSource({
    region: REGION,
    endpoint: url,
    credentials: {
      accessKeyId: new Secret(KEY_ID),
      secretAccessKey: new Secret(key),
      sessionToken: new Secret(SESSION),
    },
    send: createJsonSender('AWS Secrets Manager', undefined),
  });
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no fault',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

test('a secret that is an object has fields, and is one text besides', async () => {
  const secret = await sourceWith(KEY).fetch('prod/shop');
  assert.equal(secret.fields, { username: 'app', password: 'pw', port: '5432' });
  assert.match(secret.whole ?? '', /^\{"username"/);
});

test('any other secret is one text', async () => {
  assert.equal(await sourceWith(KEY).fetch('plain'), { whole: 'just text', fields: {} });
  assert.is((await sourceWith(KEY).fetch('bytes')).whole, 'from bytes');
});

test('faults name what the service says, and nothing that was sent', async () => {
  assert.is(
    await messageOf(sourceWith(KEY).fetch('missing')),
    'AWS Secrets Manager refuses: ResourceNotFoundException (400)',
  );
  assert.is(
    await messageOf(sourceWith('another key').fetch('plain')),
    'AWS Secrets Manager refuses: InvalidSignatureException (400)',
  );
  assert.is(
    await messageOf(sourceWith(KEY).fetch('empty')),
    'AWS Secrets Manager gives nothing there',
  );
  const gone = await messageOf(sourceWith(KEY, 'http://127.0.0.1:1').fetch('plain'));
  assert.is(gone, 'AWS Secrets Manager does not answer (ECONNREFUSED)');
});

test.after(() => {
  server.closeAllConnections();
  server.close();
});
test.run();
