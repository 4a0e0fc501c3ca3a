import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProxyError } from '../../../proxy/error.ts';
import { startScram } from '../../../proxy/postgres/scram.ts';

const test = suite('proxy/postgres/scram');
const NONCE = 'rOprNGfwEbeRWgbNEkqO';
const SERVER_NONCE = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const SERVER_FIRST = `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const code = (expected: string) => (error: unknown) =>
  error instanceof ProxyError && error.code === expected;

const plain = (mechanisms = ['SCRAM-SHA-256'], channelBinding?: Buffer) =>
  startScram({ mechanisms, password: 'pencil', channelBinding, nonce: NONCE });

test('the answer goes on from the nonce of the server and carries a proof', async () => {
  const exchange = plain();
  assert.is(exchange?.first, `n,,n=,r=${NONCE}`);
  const answer = await exchange?.respond(SERVER_FIRST);
  assert.match(answer ?? '', /^c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj\)hNlF\$k0,p=/);
});

test('a server that cannot prove the password is refused', async () => {
  const exchange = plain();
  await exchange?.respond(SERVER_FIRST);
  for (const proof of ['v=', 'v=AAAA', `v=${Buffer.alloc(32).toString('base64')}`, 'e=other']) {
    assert.throws(() => exchange?.verify(proof), code('target/refused-credential'));
  }
});

test('a nonce that does not go on from ours, and work without bounds, are refused', async () => {
  for (const first of [
    'r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
    `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=999999999`,
    `r=${SERVER_NONCE},s=,i=4096`,
    '',
  ]) {
    let failed = false;
    await plain()
      ?.respond(first)
      .catch((error: unknown) => {
        failed = code('target/protocol')(error);
      });
    assert.ok(failed, first);
  }
});

test('the certificate is bound where the server offers it, and a stripped offer is told', () => {
  const hash = Buffer.alloc(32, 7);
  const bound = plain(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'], hash);
  assert.is(bound?.mechanism, 'SCRAM-SHA-256-PLUS');
  assert.match(bound?.first ?? '', /^p=tls-server-end-point,,n=/);
  assert.match(plain(['SCRAM-SHA-256'], hash)?.first ?? '', /^y,,/);
  assert.is(plain(['SCRAM-SHA-1']), undefined);
});

test.run();
