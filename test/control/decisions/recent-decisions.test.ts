/**
 * The view of the newest decisions: order, bound, and what a line tells.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRecentDecisions } from '../../../control/decisions/recent-decisions.ts';
import { createSessionIndex } from '../../../control/sessions/session-index.ts';
import type { ActionDecided } from '../../../proxy/gate/record.ts';
import { inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';
import { agentIdentity } from '../store/example-approval.ts';

const decisions = suite('control/decisions/recent-decisions');

function decided(action: number): ActionDecided {
  const { action: input } = inputOf(SELECT_CUSTOMERS);
  return {
    type: 'action.decided',
    at: `2026-01-01T00:00:0${action}Z`,
    session: 's1',
    action,
    input: { ...input, text: `SELECT\n  ${action}` },
    verdict: 'block',
    decision: {
      effect: 'block',
      reasons: [{ code: 'no', reason: 'because', rule: undefined }],
      masks: [],
      approvals: [],
      revision: 'sha256:aa',
      reads: [],
    },
    grants: [],
  };
}

decisions('the newest come first, and only as many as there is room for', () => {
  const sessions = createSessionIndex();
  sessions.note({
    type: 'session.opened',
    at: '2026-01-01T00:00:00Z',
    session: 's1',
    identity: agentIdentity,
    resource: { name: 'shop', type: 'postgres', labels: {} },
    client: { ip: '127.0.0.1', application: 'psql', fingerprint: '' },
  });
  const recent = createRecentDecisions(sessions.find, 3);
  assert.equal([...recent.list()], []);
  for (const action of [1, 2]) recent.note(decided(action));
  assert.equal(
    [...recent.list()].map(({ action }) => action),
    [2, 1],
  );
  for (const action of [3, 4, 5]) recent.note(decided(action));
  const kept = [...recent.list()];
  assert.equal(
    kept.map(({ action }) => action),
    [5, 4, 3],
  );
  const [newest] = kept;
  assert.is(newest?.subject, agentIdentity.subject);
  assert.is(newest?.on_behalf_of, agentIdentity.on_behalf_of?.subject);
  assert.equal([newest?.resource, newest?.text, newest?.codes], ['shop', 'SELECT 5', ['no']]);
});

decisions('a decision of a session that is forgotten has nobody, and is kept', () => {
  const recent = createRecentDecisions(() => undefined);
  recent.note(decided(1));
  assert.equal(
    [...recent.list()].map(({ subject, resource }) => [subject, resource]),
    [['', '']],
  );
});

decisions.run();
