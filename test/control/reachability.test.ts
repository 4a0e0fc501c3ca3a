/**
 * A target that accepts no connection is named with its place and the system's reason.
 */
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findUnreachable } from '../../control/reachability.ts';
import type { Target } from '../../proxy/gate/ports.ts';

const reachability = suite('control/reachability');

const web = (name: string, url: string): Target => ({
  resource: { name, type: 'http', labels: {} },
  policies: [],
  upstream: { kind: 'http', url, inject: [], ca: undefined },
});

reachability('only those that do not answer are listed', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const up = web('up', `http://127.0.0.1:${port}/base`);
  assert.equal(await findUnreachable([up]), []);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await findUnreachable([up]), [
    { resource: 'up', place: `127.0.0.1:${port}`, why: 'ECONNREFUSED' },
  ]);
});

reachability.run();
