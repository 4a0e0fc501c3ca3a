/** docs/approvals.md shows what `sallyport approvals show` prints. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toMessage } from '../../control/approvals/message.ts';
import { viewApproval } from '../../control/approvals/view.ts';
import { describeApproval } from '../../control/cli/approval-text.ts';
import { openApprovalBench } from '../support/approval-bench.ts';
import { readConsoleSteps } from '../support/console-blocks.ts';

const DAY_MS = 86_400_000;

const docs = suite('docs/approvals');

docs('the request on the page is printed as it stands there', async () => {
  const bench = openApprovalBench();
  const dora = bench.people.find('dora');
  if (dora === undefined) throw new Error('dora is unknown');
  const approver = bench.people.identityOf(dora, { id: 'x', atMs: 0, expiresAtMs: 1 });
  const before = await bench.ask({ text: 'update t set a = 2', digest: 'sha256:cc' });
  await bench.desk.answer(before.id, approver, 'approve', undefined);
  bench.time.nowMs += DAY_MS;
  const { id } = await bench.ask();
  const stored = await bench.store.findApproval(id);
  if (stored === undefined) throw new Error('no request');
  const printed = describeApproval(toMessage(await viewApproval(bench.store, stored)));
  const [step] = readConsoleSteps('docs/approvals.md');
  assert.is(step?.command, `sallyport approvals show ${id}`);
  assert.equal(step?.expected, printed);
  await bench.close();
});

docs.run();
