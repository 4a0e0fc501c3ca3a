/**
 * The HTTP API over https: real curl and the command line, with the certificate of `tls` and without trust in it.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCli } from '../control/cli/run-cli.ts';
import {
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { runProgram } from '../support/run-program.ts';

const apiTls = suite('e2e/api-tls');

const CONFIG = `listen: {http: "127.0.0.1:0", api: "127.0.0.1:0"}
policies: [policies]
tls: {cert: cert.pem, key: key.pem, api: true}
resources:
  - {name: orders, type: http, url: "http://127.0.0.1:9"}
identities:
  - {subject: ana, groups: [sallyport-admins]}
`;

const folder = makeGatewayFolder(CONFIG);
let gateway: GatewayProcess | undefined;
apiTls.after(async () => {
  await gateway?.end('SIGTERM');
  folder.remove();
});

apiTls(
  'the API speaks https alone, and commands trust the authority they are told of',
  async () => {
    const { dir } = folder;
    const cert = join(dir, 'cert.pem');
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
    ];
    const name = ['-days', '1', '-subj', '/CN=gateway', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', [...request, ...name, '-keyout', join(dir, 'key.pem'), '-out', cert], {
      stdio: 'ignore',
    });
    gateway = await startGatewayProcess(folder);
    const base = `127.0.0.1:${gateway.ports['api']}`;
    const curl = (...args: string[]) => runProgram('curl', ['-sS', ...args]);
    const healthy = await curl('--cacert', cert, `https://${base}/healthz`);
    assert.match(healthy.stdout, '"healthy":true');
    assert.is.not((await curl(`https://${base}/healthz`)).code, 0);
    assert.is.not((await curl(`http://${base}/healthz`)).code, 0);
    const old = await curl('--cacert', cert, '--tls-max', '1.1', `https://${base}/healthz`);
    assert.is.not(old.code, 0);

    const token = await folder.token('ana');
    const ask = (env: Readonly<Record<string, string>>) =>
      runCli(['approvals'], { cwd: dir, env: { SALLYPORT_TOKEN: token, ...env } });
    const trusted = await ask({ NODE_EXTRA_CA_CERTS: cert });
    assert.equal([trusted.code, trusted.stderr], [0, '']);
    const distrusting = await ask({});
    assert.is(distrusting.code, 3);
    assert.match(distrusting.stderr, /error\[api\/unreachable\]/);
    assert.match(distrusting.stderr, 'NODE_EXTRA_CA_CERTS');
  },
);

apiTls.run();
