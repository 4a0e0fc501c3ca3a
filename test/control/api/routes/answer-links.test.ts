/**
 * The page behind a signed link, as a browser, a mail scanner and a foreign site meet it.
 */
import { createHash } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { acceptForms } from '../../../../control/api/form-body.ts';
import type { ApiPorts } from '../../../../control/api/ports.ts';
import { registerAnswerLinkRoutes } from '../../../../control/api/routes/answer-links.ts';
import { type AnswerLinks, createAnswerLinks } from '../../../../control/approvals/answer-links.ts';
import { type ApprovalBench, openApprovalBench } from '../../../support/approval-bench.ts';

interface Context {
  bench: ApprovalBench;
  links: AnswerLinks;
  app: FastifyInstance;
}

const test = suite<Context>('control/api/routes/answer-links');

test.before.each(async (context) => {
  const bench = openApprovalBench();
  const { desk, people, store, time, newId } = bench;
  const key = Buffer.alloc(32, 1);
  const links = createAnswerLinks({ key, desk, people, store, nowMs: () => time.nowMs, newId });
  const app = fastify({ ajv: { customOptions: { coerceTypes: false, removeAdditional: false } } });
  acceptForms(app);
  registerAnswerLinkRoutes(app, { notices: { links } } as unknown as ApiPorts);
  await app.ready();
  Object.assign(context, { bench, links, app });
});
test.after.each(async ({ app, bench }) => {
  await app.close();
  await bench.close();
});

async function makeLink({ bench, links }: Context, changes = {}, subject = 'dora') {
  const { id } = await bench.ask(changes);
  const approval = await bench.store.findApproval(id);
  if (approval === undefined) throw new Error('no request');
  return { id, token: links.make(approval, subject) };
}

const open = (app: FastifyInstance, token: string) =>
  app.inject({ url: `/answer?link=${encodeURIComponent(token)}` });

function post(
  app: FastifyInstance,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  return app.inject({
    method: 'POST',
    url: '/answer',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
}

test('the page shows what an answer is given on', async (context) => {
  const before = await makeLink(context);
  await post(context.app, { link: before.token, answer: 'deny', note: 'not today' });
  const { token, id } = await makeLink(context);
  const { statusCode, body } = await open(context.app, token);
  assert.is(statusCode, 200);
  for (const shown of [
    'update t set a = 1',
    '<li><code>&quot;7&quot;</code></li>',
    'Agent, acting for maria, asks to act on shop',
    'agent (agent, known from sallyport) acting for maria (human, known from sallyport)',
    'shop (postgres, env=prod)',
    'ticket 7',
    'writes in production (prod-write)',
    'access.require_approval (a.policy:3)',
    'psql at 10.0.0.7',
    'this, once',
    '1 more of 1',
    'denied by dora, exactly this, asked by agent',
    'sha256:aa',
    'sha256:bb',
    'You are asked as <strong>Dora</strong>',
    id,
  ])
    assert.ok(body.includes(shown), `${shown} is not in ${body}`);
});

test('a look never answers, by whatever method a scanner looks', async (context) => {
  const { token, id } = await makeLink(context);
  for (const url of [
    `/answer?link=${token}`,
    `/answer?link=${token}&answer=approve`,
    `/answer?link=${token}&answer=approve&note=x`,
  ])
    for (const method of ['GET', 'HEAD', 'GET'] as const)
      assert.is((await context.app.inject({ method, url })).statusCode, 200);
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)
    assert.is((await context.app.inject({ method, url: `/answer?link=${token}` })).statusCode, 404);
  // A form that names the token in its address only.
  const bare = await context.app.inject({ method: 'POST', url: `/answer?link=${token}` });
  assert.ok(bare.statusCode >= 400);
  assert.is((await context.bench.store.findApproval(id))?.state, 'pending');
  assert.equal(await context.bench.store.listAnswers([id]), []);
});

test('a form with the token answers, once, and the note is kept', async (context) => {
  const { token, id } = await makeLink(context);
  const first = await post(context.app, { link: token, answer: 'approve', note: ' go \r\n' });
  assert.is(first.statusCode, 200);
  assert.match(first.body, /The request is granted\./);
  const again = await post(context.app, { link: token, answer: 'deny' });
  assert.is(again.statusCode, 409);
  assert.match(again.body, /the request is granted already/);
  assert.match((await open(context.app, token)).body, /the request is granted already/);
  assert.is((await context.bench.store.listAnswers([id]))[0]?.note, 'go');
});

test('a form that another site sends answers nothing', async (context) => {
  const { token, id } = await makeLink(context);
  for (const site of ['cross-site', 'same-site']) {
    const sent = await post(
      context.app,
      { link: token, answer: 'approve' },
      { 'sec-fetch-site': site },
    );
    assert.is(sent.statusCode, 403);
  }
  assert.is((await context.bench.store.findApproval(id))?.state, 'pending');
  const own = await post(
    context.app,
    { link: token, answer: 'approve' },
    { 'sec-fetch-site': 'same-origin' },
  );
  assert.is(own.statusCode, 200);
});

test('the address is told to no other site, frame or script', async (context) => {
  const { token } = await makeLink(context);
  const { headers, body } = await open(context.app, token);
  assert.is(headers['referrer-policy'], 'no-referrer');
  assert.is(headers['x-frame-options'], 'DENY');
  const policy = String(headers['content-security-policy']);
  for (const part of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"])
    assert.ok(policy.includes(part), policy);
  assert.not.match(policy, /unsafe|\*|https?:/);
  assert.not.match(body, /<script|<img|<link|<iframe|\son\w+=|href=|src=|url\(|@import/i);
  const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.ok(policy.includes(`style-src 'sha256-${hash}'`));
  // The token is in the one field that is sent back, and nowhere else.
  assert.is(body.split(token).length, 2);
});

test('a page can be read without seeing it', async (context) => {
  const { token } = await makeLink(context);
  const { body } = await open(context.app, token);
  assert.match(body, /<html lang="en">/);
  assert.match(body, /<title>[^<]+<\/title>/);
  assert.is(body.match(/<main>/g)?.length, 1);
  assert.is(body.match(/<h1>/g)?.length, 1);
  assert.match(body, /<label for="note">[^<]+<\/label>\s*<textarea id="note"/);
  assert.match(body, /<button type="submit" name="answer" value="approve">Approve<\/button>/);
  assert.match(body, /<pre tabindex="0" aria-labelledby="what">/);
});

test('nothing of a request becomes markup or hides', async (context) => {
  const evil = `<script>alert(1)</script>"'&\u202e\u0007</code></pre><form action="https://evil.example">`;
  const { token } = await makeLink(context, {
    text: evil,
    reason: evil,
    evidence: { parameters: [evil], client: { ip: evil, application: evil } },
    resource: { name: evil, type: 'postgres', labels: { [evil]: evil } },
  });
  const { body } = await open(context.app, token);
  for (const raw of ['<script>alert', 'evil.example">', '\u202e', '\u0007'])
    assert.not.ok(body.includes(raw), raw);
  assert.match(body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;\\u\{202e\}\\u\{7\}/);
  assert.is(body.match(/<form/g)?.length, 1);
});

test('what is no link of ours is a page that says so', async (context) => {
  const { bench, app } = context;
  for (const token of ['x', 'a.b', 'a'.repeat(2000)]) {
    const { statusCode, headers, body } = await open(app, token);
    assert.is(statusCode, 403);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.match(body, /this link is not valid/);
    assert.not.match(body, /<form/);
  }
  assert.is((await app.inject({ url: '/answer' })).statusCode, 400);
  const { token } = await makeLink(context);
  bench.time.nowMs += 3_600_000;
  assert.is((await open(app, token)).statusCode, 410);
  assert.is((await post(app, { link: token, answer: 'approve' })).statusCode, 410);
});

test('who may not answer sees nothing of the request', async (context) => {
  for (const subject of ['maria', 'olga', 'eve', 'robot']) {
    const { token, id } = await makeLink(context, {}, subject);
    const { statusCode, body } = await open(context.app, token);
    assert.ok(statusCode === 403 || statusCode === 404, subject);
    assert.not.match(body, /update t set/);
    assert.ok((await post(context.app, { link: token, answer: 'approve' })).statusCode >= 400);
    assert.is((await context.bench.store.findApproval(id))?.state, 'pending');
  }
});

test('an answer that is none is refused', async (context) => {
  const { token, id } = await makeLink(context);
  for (const fields of [
    { link: token },
    { link: token, answer: 'maybe' },
    { link: token, answer: 'approve', extra: '1' },
    { link: token, answer: 'approve', note: 'x'.repeat(1001) },
  ])
    assert.is((await post(context.app, fields as Record<string, string>)).statusCode, 400);
  assert.is((await context.bench.store.findApproval(id))?.state, 'pending');
});

test.run();
