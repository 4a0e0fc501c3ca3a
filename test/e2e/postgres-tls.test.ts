/** Encryption on both sides of the gateway. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Ran,
  runPsql,
  startPostgresFixture,
  type Where,
} from '../support/postgres-fixture.ts';
import { startPostgresGateway } from '../support/postgres-gateway.ts';

const fixture = await startPostgresFixture('test/e2e/postgres-tls', { tls: true });
const { server, upstream, through: THROUGH } = fixture;
const psql = (script: string, where = THROUGH): Promise<Ran> => runPsql(script, where);

const test = suite('e2e/postgres-tls');

test.after(() => fixture.stop());

test('TLS on both sides: required of the client, verified at the target with channel binding', async () => {
  const { execFileSync } = await import('node:child_process');
  const { mkdtempSync, readFileSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    // biome-ignore format: one option a word
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
    { stdio: 'pipe' },
  );
  const secured = await startPostgresGateway({
    upstream: { ...upstream, tls: 'verify-full', ca: server.certificate },
    password: server.password,
    tls: {
      certificate: readFileSync(certificate, 'utf8'),
      key: readFileSync(key, 'utf8'),
      required: true,
    },
  });
  const where = (environment: Record<string, string>): Where => ({
    ...THROUGH,
    port: secured.port,
    environment,
  });
  try {
    const verified = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: certificate };
    const upstreamTls = 'select ssl from pg_stat_ssl where pid = pg_backend_pid();';
    assert.equal(await psql(upstreamTls, where(verified)), { out: 't\n', err: '', code: 0 });
    const clear = await psql('select 1', where({ PGSSLMODE: 'disable' }));
    assert.match(clear.err, /encrypted connections only/);
    assert.match(clear.err, /sslmode=require|FATAL/);
  } finally {
    await secured.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const distrusting = await startPostgresGateway({
    upstream: { ...upstream, tls: 'verify-full' },
    password: server.password,
  });
  const refused = await psql('select 1', { ...THROUGH, port: distrusting.port });
  assert.match(refused.err, /cannot be reached: the TLS handshake failed/);
  await distrusting.stop();
});

test('direct TLS with ALPN is served, without the name of the protocol it is not', async () => {
  const { connect } = await import('node:tls');
  const secured = await startPostgresGateway({
    upstream,
    password: server.password,
    tls: { ...(await selfSigned()), required: true },
  });
  const greet = (ALPNProtocols: string[] | undefined): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port: secured.port,
        rejectUnauthorized: false,
        ...(ALPNProtocols === undefined ? {} : { ALPNProtocols }),
      });
      socket.on('error', () => resolve('closed'));
      socket.on('close', () => resolve('closed'));
      socket.on('secureConnect', () => socket.write(startupOf({ user: 'me', database: 'shop' })));
      socket.on('data', (chunk: Buffer) => {
        resolve(chunk.toString('latin1', 0, 1));
        socket.destroy();
      });
    });
  const { startup: startupOf } = await import('../support/postgres-wire.ts');
  assert.is(await greet(['postgresql']), 'R');
  assert.is.not(await greet(undefined), 'R');
  assert.is(await greet(['http/1.1']), 'closed');
  await secured.stop();
});

async function selfSigned(): Promise<{ certificate: string; key: string }> {
  const { execFileSync } = await import('node:child_process');
  const made = execFileSync(
    'openssl',
    // biome-ignore format: one option a word
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-keyout', '-', '-out', '-'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  ).toString();
  const part = (label: string): string =>
    new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----\\n`).exec(made)?.[0] ?? '';
  return { key: part('PRIVATE KEY'), certificate: part('CERTIFICATE') };
}

test.run();
