/**
 * The list of sessions is what the journal's entries add up to.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSessionIndex } from '../../../control/sessions/session-index.ts';
import type { ActionDecided, JournalEntry } from '../../../proxy/gate/record.ts';
import { agentIdentity } from '../store/example-approval.ts';

const index = suite('control/sessions/session-index');

const opened = (session: string): JournalEntry => ({
  type: 'session.opened',
  at: '2026-01-01T00:00:00Z',
  session,
  identity: agentIdentity,
  resource: { name: 'shop', type: 'postgres', labels: {} },
  client: { ip: '127.0.0.1', application: 'psql', fingerprint: '' },
});
const closed = (session: string): JournalEntry => ({
  type: 'session.closed',
  at: '2026-01-01T01:00:00Z',
  session,
  actions: 0,
  rows: 0,
  cause: 'end',
});
const decided = (
  session: string,
  action: number,
  verdict: ActionDecided['verdict'],
): JournalEntry => ({
  type: 'action.decided',
  at: '',
  session,
  action,
  verdict,
  input: {
    kind: 'sql',
    verb: 'SELECT',
    class: 'read',
    digest: '',
    sql: { dialect: 'postgres', statements: [], in_transaction: false },
  },
  decision: { effect: 'allow', reasons: [], masks: [], approvals: [], revision: '', reads: [] },
  grants: [],
});

index('actions, blocks, holds, rows and masked values add up', () => {
  const sessions = createSessionIndex();
  for (const entry of [
    opened('s1'),
    decided('s1', 1, 'allow'),
    decided('s1', 2, 'block'),
    decided('s1', 3, 'hold'),
    decided('s1', 3, 'allow'),
  ])
    sessions.note(entry);
  sessions.note({
    type: 'action.finished',
    at: '',
    session: 's1',
    action: 3,
    outcome: { status: 'ok', detail: '', rows: 4, bytes: 10, masked: { pii: 2, card: 3 } },
  });
  const summary = sessions.find('s1');
  assert.is(summary?.actions, 3);
  assert.is(summary?.blocked, 1);
  assert.is(summary?.held, 1);
  assert.is(summary?.rows, 4);
  assert.is(summary?.masked, 5);
  assert.is(summary?.on_behalf_of, 'maria');
  assert.is(summary?.ended_at, undefined);
  sessions.note(closed('s1'));
  assert.is(sessions.find('s1')?.cause, 'end');
});

index('the newest session is first', () => {
  const sessions = createSessionIndex();
  for (const id of ['s1', 's2', 's3']) sessions.note(opened(id));
  assert.equal(
    sessions.list().map((session) => session.id),
    ['s3', 's2', 's1'],
  );
});

index('the list is bounded, and forgets ended sessions first', () => {
  const sessions = createSessionIndex(2);
  for (const entry of [opened('s1'), opened('s2'), closed('s2'), opened('s3'), opened('s4')])
    sessions.note(entry);
  assert.equal(
    sessions.list().map((session) => session.id),
    ['s4', 's3'],
  );
});

index('entries of sessions that are not known change nothing', () => {
  const sessions = createSessionIndex();
  sessions.note(closed('nobody'));
  sessions.note({ type: 'policy.loaded', at: '', revision: '', files: [] });
  assert.equal(sessions.list(), []);
});

index.run();
