/**
 * A thousand clients wait and a hundred requests a second are answered, half of them by two people at once: `npm run -s
 * bench:approvals [WAITING] [PER_SECOND]` prints one JSON line for each figure, and ends with 1 when an answer was lost or doubled.
 */
import { runApprovalLoad } from '../support/approval-load.ts';

const [waiting = 1_000, perSecond = 100] = process.argv.slice(2).map(Number);

const result = await runApprovalLoad({ waiting, perSecond });
const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const at = (values: readonly number[], part: number): number =>
  Number((sorted(values)[Math.floor(values.length * part)] ?? Number.NaN).toFixed(1));
const print = (figure: string, facts: object): void =>
  console.log(JSON.stringify({ figure: `approvals/${figure}`, waiting, ...facts }));

print('answers', {
  right: result.right,
  lost_or_doubled: result.faults.length,
  approved: result.approved,
  denied: result.denied,
  second_answers_refused: result.refusedSeconds,
});
print('rate', {
  unit: '1/s',
  wanted: perSecond,
  reached: Number(((waiting * 1000) / result.answeringMs).toFixed(1)),
});
print('answer-to-client', {
  unit: 'ms',
  median: at(result.latenciesMs, 0.5),
  p99: at(result.latenciesMs, 0.99),
});
print('list', { unit: 'ms', median: at(result.listMs, 0.5), looks: result.listMs.length });
print('memory', { unit: 'KiB/client', value: Number(result.kibPerClient.toFixed(1)) });
for (const fault of result.faults.slice(0, 20)) console.error(fault);
if (result.faults.length > 0) process.exitCode = 1;
