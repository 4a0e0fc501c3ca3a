/**
 * The tour: drives a running demo as its clients would, over the real wire, and prints what happened. It knows the gateway only by
 * address and token, and decides nothing itself.
 */
import {
  approveWhenPending,
  type DemoEndpoints,
  findSession,
  type Print,
  showCommand,
  showQuery,
  showRequest,
} from './tour-client.ts';
import { approveByLink, newestMessage } from './tour-link.ts';

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
  const update = "update customers set city = 'Porto' where id = 1 returning id, city";
  await whileAnswering(
    print,
    (heldPrint) => showQuery(demo, 'agent', update, heldPrint),
    (answerPrint) => approveWhenPending(demo, 'dora', answerPrint),
  );

  title('The same gate over HTTP: a masked field, a blocked DELETE, a refund held for a link');
  await showRequest(demo, 'ada', 'GET', '/customers/1', undefined, print);
  await showRequest(demo, 'agent', 'DELETE', '/customers/1', undefined, print);
  const known = newestMessage(demo, 'dora');
  await whileAnswering(
    print,
    (heldPrint) => showRequest(demo, 'agent', 'POST', '/refunds', { payment: 10 }, heldPrint),
    (answerPrint) => approveByLink(demo, 'dora', known, answerPrint),
  );

  title('The record: every session, one of them replayed, the whole journal verified');
  await showCommand(demo, 'dora', ['sessions'], print);
  const held = await findSession(
    demo,
    'dora',
    (session) => session.held > 0 && session.resource === 'shop',
  );
  if (held === undefined) throw new Error('the held session is not in the journal');
  await showCommand(demo, 'dora', ['replay', held], print);
  await showCommand(demo, 'dora', ['verify'], print);
}

/** Lets somebody answer what the client waits for; the client's later lines are shown after theirs, as on two screens. */
async function whileAnswering(
  print: Print,
  client: (print: Print) => Promise<void>,
  answer: (print: Print) => Promise<void>,
): Promise<void> {
  let isApproving = false;
  const later: string[] = [];
  const held = client((line) => (isApproving ? void later.push(line) : print(line)));
  await Promise.all([
    held,
    answer((line) => {
      isApproving = true;
      print(line);
    }),
  ]);
  for (const line of later) print(line);
}
