/**
 * docs/credentials.md as an operator does it: a real gateway, database and service, every `console` block typed in order, and what is
 * printed compared with the page, ids, keys and times aside.
 */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../control/config/load.ts';
import { CLI_MAIN } from '../control/cli/run-cli.ts';
import { readConsoleSteps } from '../support/console-blocks.ts';
import {
  describeShop,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';
import { runPsql } from '../support/postgres-fixture.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { projectRoot } from '../support/source-files.ts';

const PAGE = 'docs/credentials.md';
const test = suite('docs/credentials');

/** What differs from run to run, at its own width. */
function plain(text: string): string {
  return text
    .replace(/sak_[A-Za-z0-9_-]+/g, 'sak_KEY')
    .replace(/\b[a-z0-9]{20}\b/g, 'ID')
    .replace(/\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d(\.\d+Z)?)?/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
    .replace(/\b[0-9a-f]{12}\b/g, 'KEYID');
}

test('the configuration of the page is one', () => {
  const page = readFileSync(join(projectRoot, PAGE), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const { settings } = parseConfig(
    {
      name: 'x',
      text: `${example.replace(/\n {2}vault:/, '\n  aws: {region: r, access_key_id: a, secret_access_key: b}\n  vault:')}`,
    },
    '/x/sallyport.yaml',
    { env: {}, readFile: () => 'value' },
  );
  assert.is(settings?.targets.length, 2);
  assert.is(settings?.secretSources.vault?.auth.kind, 'app-role');
});

test('the commands of the page print what it says', async () => {
  const server = await startPostgres();
  if (server === undefined) {
    console.log('SKIP: docs/credentials: no PostgreSQL server binaries');
    assert.is(process.env['CI'] === 'true', false);
    return;
  }
  const made = await runPsql('create table orders as select n from generate_series(1, 3) n', {
    port: server.port,
    password: server.password,
    database: server.database,
  });
  assert.is(made.err, '');
  const service = createServer((_request, answer) => answer.end('hello from the service\n'));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  const folder =
    makeGatewayFolder(`listen: {postgres: "127.0.0.1:0", http: "127.0.0.1:0", api: "127.0.0.1:0"}
identities:
  - {subject: ana, groups: [sallyport-admins]}
  - {subject: billing, kind: service, owner: ana}
resources:
${describeShop(server)}  - {name: web, type: http, url: "http://127.0.0.1:${port}"}
`);
  folder.write('bin/sallyport', `#!/bin/sh\nexec "${process.execPath}" "${CLI_MAIN}" "$@"\n`);
  chmodSync(join(folder.dir, 'bin/sallyport'), 0o700);
  const env = {
    PATH: `${join(folder.dir, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: folder.dir,
    NO_COLOR: '1',
    NEW_PASSWORD: 'a new one',
    SALLYPORT_TOKEN: await folder.token('ana'),
  };
  const gateway = await startGatewayProcess(folder);
  try {
    const steps = readConsoleSteps(PAGE);
    assert.ok(steps.length > 6);
    for (const { command, expected } of steps) {
      const printed = await new Promise<string>((resolve) => {
        execFile('sh', ['-c', `{ ${command} ; } 2>&1`], { cwd: folder.dir, env }, (_error, out) =>
          resolve(out),
        );
      });
      assert.is(
        plain(printed.replace(/\n$/, '')),
        plain(expected.join('\n').replace(/\n$/, '')),
        command,
      );
    }
  } finally {
    await gateway.end('SIGTERM');
    service.close();
    await server.stop();
    folder.remove();
  }
});

test.run();
