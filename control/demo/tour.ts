/**
 * The tour: drives a running demo as its clients would, over the real wire, and prints what happened. It knows the gateway only by
 * address and token, and decides nothing itself.
 */
import {
  approveWhenPending,
  type DemoEndpoints,
  type Print,
  showCommand,
  showQuery,
  showRequest,
} from './tour-client.ts';

/** The same destruction in four disguises. */
const DESTRUCTIVE_STATEMENTS = [
  'drop table customers',
  'with gone as (delete from payments returning *) select count(*) from gone',
  "do $$ begin execute 'drop table customers'; end $$",
  'select 1; drop table customers',
] as const;

/** Walks the whole tour; rejects when the demo does not answer as it must. */
export async function walkTour(demo: DemoEndpoints, print: Print): Promise<void> {
  const title = (text: string): void => print(`\n== ${text}`);

  title('An engineer reads: allowed');
  await showQuery(demo, 'ada', 'select id, name, city from customers order by id', print);

  title('She reads personal data: masked, inside an expression too');
  await showQuery(
    demo,
    'ada',
    'select name, email, ssn, upper(ssn) as disguised from customers order by id',
    print,
  );

  title('An AI agent that acts for her tries to destroy: blocked, however it is wrapped');
  for (const sql of DESTRUCTIVE_STATEMENTS) await showQuery(demo, 'agent', sql, print);

  title('The agent changes one row: held until a DBA says yes in another terminal');
  await Promise.all([
    showQuery(
      demo,
      'agent',
      "update customers set city = 'Porto' where id = 1 returning id, city",
      print,
    ),
    approveWhenPending(demo, 'dora', print),
  ]);

  title('The same gate over HTTP: a masked field, a blocked DELETE, a held refund');
  await showRequest(demo, 'ada', 'GET', '/customers/1', undefined, print);
  await showRequest(demo, 'agent', 'DELETE', '/customers/1', undefined, print);
  await Promise.all([
    showRequest(demo, 'agent', 'POST', '/refunds', { payment: 10 }, print),
    approveWhenPending(demo, 'dora', print),
  ]);

  title('The record: every session, one of them replayed, the whole journal verified');
  const listed = await showCommand(demo, 'dora', ['sessions'], print);
  const held = listed.split('\n').find((line) => /\bheld|approved|UPDATE\b/.test(line));
  const session = (held ?? listed.split('\n').at(-1) ?? '').trim().split(/\s+/)[0];
  if (session !== undefined) await showCommand(demo, 'dora', ['replay', session], print);
  await showCommand(demo, 'dora', ['verify'], print);
}
