/** A decision of a running gateway, explained by the policies that decide there. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type GatewayProcess,
  makeGatewayFolder,
  startGatewayProcess,
} from '../support/gateway-process.ts';

const test = suite('e2e/explain');

const CONFIG = `listen: {http: "127.0.0.1:0", api: "127.0.0.1:0"}
policies: [policies]
resources:
  - {name: orders, type: http, url: "http://127.0.0.1:9", policies: [access]}
identities:
  - {subject: ana, groups: [sallyport-admins]}
  - {subject: bo, groups: [sales]}
`;
const POLICY = `package access

allow if {
	"engineering" in input.identity.groups
	input.action.http.method == "GET"
}

block := {"as", "a", "value"}
`;

const folder = makeGatewayFolder(CONFIG, POLICY);
let gateway: GatewayProcess | undefined;
test.after(async () => {
  await gateway?.end('SIGTERM');
  folder.remove();
});

test('an admin is told which rules hold, where the others fail, and what is interpreted', async () => {
  gateway = await startGatewayProcess(folder);
  const base = `http://127.0.0.1:${gateway.ports['api']}`;
  const ask = async (subject: string, path: string, body?: object) => {
    const headers = {
      authorization: `Bearer ${await folder.token(subject)}`,
      'content-type': 'application/json',
    };
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${base}${path}`, { headers, ...request });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const tried = { as: 'bo', on: 'orders', http: 'GET /customers/1', explain: true };
  const { status, body } = await ask('ana', '/v1/decisions/try', tried);
  assert.is(status, 200, JSON.stringify(body));
  const text = JSON.stringify(body);
  assert.match(text, '"effect":"block"');
  assert.match(text, '`input.identity.groups` is [\\"sales\\"], without \\"engineering\\"');
  assert.is((await ask('bo', '/v1/decisions/try', tried)).status, 403);
  const policy = await ask('ana', '/v1/policy');
  assert.equal(policy.body['interpreted'], [
    {
      code: 'interpreted/no-plan',
      policies: ['access'],
      message: '`block` is no rule of its kind',
    },
  ]);
  const metrics = await fetch(`${base}/metrics`);
  assert.match(await metrics.text(), 'sallyport_policies_interpreted 1');
});

test.run();
