/**
 * What is counted, under which names: the public face of `/metrics`.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMetrics } from '../../control/metrics.ts';
import type { JournalPort } from '../../proxy/gate/ports.ts';

const metrics = suite('control/metrics');

function newMetrics() {
  const faults: unknown[] = [];
  const made = createMetrics({
    connections: () => ({ postgres: 3 }),
    approvalsWaiting: () => 2,
    interpreted: () => 1,
    onFault: (error) => faults.push(error),
  });
  const lines = async (): Promise<readonly string[]> => (await made.render()).body.split('\n');
  return { made, faults, lines };
}

metrics('sessions, actions and outcomes are counted', async () => {
  const { made, lines } = newMetrics();
  const { observer } = made;
  observer.sessionOpened();
  observer.sessionOpened();
  observer.sessionClosed();
  observer.sessionRefused('identity/expired');
  observer.actionDecided({
    kind: 'sql',
    class: 'read',
    verdict: 'block',
    code: 'not-allowed',
    masks: 0,
    decisionNs: 200_000,
  });
  observer.actionHeld('http');
  observer.actionFinished('ok', 7, 99);
  made.policyReloaded('refused');
  const seen = await lines();
  for (const line of [
    'sallyport_sessions_open 1',
    'sallyport_sessions_total 2',
    'sallyport_sessions_refused_total{code="identity/expired"} 1',
    'sallyport_actions_total{kind="sql",class="read",verdict="block"} 1',
    'sallyport_decision_seconds_bucket{le="0.0001",kind="sql"} 0',
    'sallyport_decision_seconds_bucket{le="0.00025",kind="sql"} 1',
    'sallyport_actions_held_total{kind="http"} 1',
    'sallyport_actions_finished_total{status="ok"} 1',
    'sallyport_rows_total 7',
    'sallyport_bytes_total 99',
    'sallyport_policy_loads_total{outcome="refused"} 1',
    'sallyport_connections{listener="postgres"} 3',
    'sallyport_approvals_waiting 2',
  ])
    assert.ok(seen.includes(line), line);
});

metrics('journal appends are counted by outcome, and a failure goes on to the caller', async () => {
  const { made, lines } = newMetrics();
  let fails = false;
  const journal: JournalPort = {
    append: () => (fails ? Promise.reject(new Error('disk full')) : Promise.resolve('1-0')),
  };
  const watched = made.watchJournal(journal);
  const entry = { type: 'policy.loaded', at: '', revision: '', files: [] } as const;
  assert.is(await watched.append(entry, 'synced'), '1-0');
  fails = true;
  let message = '';
  await watched.append(entry, 'written').catch((error: unknown) => {
    message = error instanceof Error ? error.message : '';
  });
  assert.is(message, 'disk full');
  const seen = await lines();
  assert.ok(seen.includes('sallyport_journal_appends_total{durability="synced",outcome="ok"} 1'));
  assert.ok(
    seen.includes('sallyport_journal_appends_total{durability="written",outcome="failed"} 1'),
  );
});

metrics('clients that were dropped are read from the listener itself', async () => {
  const { made, lines } = newMetrics();
  made.watchListener('postgres', () => ({ half_open: 4 }));
  const seen = await lines();
  assert.ok(seen.includes('sallyport_clients_dropped{listener="postgres",cause="half_open"} 4'));
});

metrics('a fault is counted and told', async () => {
  const { made, faults, lines } = newMetrics();
  made.observer.fault(new Error('odd'));
  assert.is(faults.length, 1);
  assert.ok((await lines()).includes('sallyport_faults_total 1'));
});

metrics.run();
