/**
 * The gateway of the PostgreSQL benchmark, in a process of its own: real gate, real policies, real journal, stand-ins only for
 * sign-in and approvals. Prints its port and ends when its input does.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDecider } from '../../engine/decide.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { createGate } from '../../proxy/gate/pipeline.ts';
import { openJournal } from '../../proxy/journal/journal.ts';
import { loadSigner } from '../../proxy/journal/signer.ts';
import { deriveMaskKey } from '../../proxy/mask/methods.ts';
import { createPostgresServer } from '../../proxy/postgres/server.ts';
import { fixedSecrets } from '../support/fixed-secrets.ts';
import { identity, makeBench } from '../support/gate-ports.ts';

/** The shipped guardrails, and an access rule beside them that lets everything else pass. */
const ACCESS = `package access

allow if input.identity.kind == "agent"
`;

const [host = '', port = '', password = '', mode = 'policy'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const guardrails = 'policies/postgres/guardrails.policy';
const { policySet } = compilePolicies({
  policies: [
    { name: guardrails, text: readFileSync(guardrails, 'utf8') },
    { name: 'access.policy', text: ACCESS },
  ],
});
if (policySet === undefined) throw new Error('the policies of the benchmark do not compile');
const decider = createDecider(policySet);
const bench = makeBench();
const journal = openJournal(join(folder, 'journal'), { signer: loadSigner(join(folder, 'key')) });
const gate = createGate({
  ...bench.ports,
  identities: { identify: async () => identity() },
  targets: {
    find: () => ({
      resource: { name: 'bench', type: 'postgres', labels: {} },
      policies: ['guardrails.postgres', 'access'],
      upstream: {
        kind: 'postgres',
        host,
        port: Number(port),
        database: 'postgres',
        user: 'postgres',
        password: { id: 'target' },
        tls: 'disable',
        ca: undefined,
      },
    }),
  },
  // The same gateway without the work of deciding shows what the wire and the journal cost.
  decisions: mode === 'policy' ? decider : bench.ports.decisions,
  journal,
});
const key = deriveMaskKey(new Uint8Array(32), 'bench');
const server = createPostgresServer({
  gate,
  secrets: fixedSecrets(() => password),
  maskKey: () => key,
  log: (_level, event, fields) => console.error(event, fields['error']),
});
const listener = await server.bind({ host: '127.0.0.1', port: 0 });
console.log(listener.address.port);
process.stdin.resume();
process.stdin.once('end', async () => {
  await listener.close(1_000);
  await journal.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
