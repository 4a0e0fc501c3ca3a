/**
 * Many wait and many answer, some two at once: every client is told what the one answer that counted says, and nothing runs twice.
 * `npm run -s bench:approvals` does the same with a thousand.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runApprovalLoad } from '../support/approval-load.ts';

const test = suite('e2e/approvals-load');

const WAITING = 120;

test('no answer is lost or counted twice when all are answered at once', async () => {
  const result = await runApprovalLoad({ waiting: WAITING, perSecond: undefined });
  assert.equal(result.faults, []);
  assert.is(result.right, WAITING);
  assert.is(result.approved + result.denied, WAITING);
  // A quarter has two yeses, a quarter a yes and a no: of each pair one is refused.
  assert.is(result.refusedSeconds, WAITING / 2);
  assert.ok(result.approved >= WAITING / 2 && result.denied >= WAITING / 4);
});

test.run();
