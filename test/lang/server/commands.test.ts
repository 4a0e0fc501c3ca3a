/** The commands behind the lenses, run as an editor runs them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommandOutcome } from '../../../lang/server/ports.ts';
import { type LanguageClient, startLanguageClient } from '../../support/language-client.ts';
import { inputOf, SELECT_CUSTOMERS } from '../../support/policy-input.ts';

interface Context {
  folder: string;
  client: LanguageClient;
  chosen: string | null;
  asked: string[];
}
const test = suite<Context>('lang/server/commands');

const ACCESS = `package access

default allow := false

allow if input.identity.kind == data.kinds.trusted

limit := 5
`;
const TESTS = `package access_test

import data.access

test_people_pass if access.allow with input.identity.kind as "human"

test_agents_pass if access.allow with input.identity.kind as "agent"

test_scenario if sallyport.action.sql("SELECT 1").class == "read"

test_compared if access.limit == 6
`;

test.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-lsp-'));
  context.asked = [];
  writeFileSync(join(context.folder, 'access.policy'), ACCESS);
  writeFileSync(join(context.folder, 'access_test.policy'), TESTS);
  writeFileSync(join(context.folder, 'data.json'), '{"kinds": {"trusted": "human"}}');
  context.client = await startLanguageClient(context.folder, {
    initializationOptions: { showsOutcome: true },
    answer: (method, params) => {
      const { actions = [] } = params as { actions?: readonly { title: string }[] };
      context.asked.push(method, ...actions.map(({ title }) => title));
      return actions.find(({ title }) => title === context.chosen) ?? null;
    },
  });
});
test.after(async ({ folder, client }) => {
  assert.is(await client.stop(), 0);
  rmSync(folder, { recursive: true });
});

interface Lens {
  readonly range: { readonly start: { readonly line: number } };
  readonly command: { title: string; command: string; arguments: readonly unknown[] };
}

async function lensesOf({ client, folder }: Context, name: string): Promise<readonly Lens[]> {
  const uri = pathToFileURL(join(folder, name)).href;
  const { result } = await client.request('textDocument/codeLens', { textDocument: { uri } });
  return result as readonly Lens[];
}

async function run({ client }: Context, lens: Lens | undefined): Promise<CommandOutcome | null> {
  const { result, error } = await client.request('workspace/executeCommand', lens?.command);
  assert.is(error, undefined);
  return result as CommandOutcome | null;
}

const shown = (lenses: readonly Lens[]): readonly string[] =>
  lenses.map(({ range, command }) => `${range.start.line} ${command.title}`);

test('tests and deciding rules have lenses', async (context) => {
  assert.equal(shown(await lensesOf(context, 'access_test.policy')), [
    '0 Run 4 tests',
    '4 Run test',
    '6 Run test',
    '8 Run test',
    '10 Run test',
  ]);
  assert.equal(shown(await lensesOf(context, 'access.policy')), ['4 Decide']);
});

test('a test is run and told with got and want', async (context) => {
  const [all, passing, failing, scenario, compared] = await lensesOf(context, 'access_test.policy');
  const passed = await run(context, passing);
  assert.is(passed?.ok, true);
  assert.match(passed?.text ?? '', /^PASS {2}access_test\.test_people_pass .*\n1 passed, 0 failed/);
  const failed = await run(context, failing);
  assert.is(failed?.ok, false);
  assert.match(failed?.text ?? '', /FAIL {2}access_test\.test_agents_pass/);
  assert.match(failed?.text ?? '', /`input\.identity\.kind` is "agent"/);
  assert.match((await run(context, compared))?.text ?? '', /got +5\n +want +6/);
  assert.is((await run(context, scenario))?.ok, true);
  assert.match((await run(context, all))?.text ?? '', /2 passed, 2 failed/);
});

test('a test is run as it is in the editor, saved or not', async (context) => {
  const { client } = context;
  const { textDocument } = client.open('access_test.policy', TESTS.replace('"agent"', '"human"'));
  const [, , mended] = await lensesOf(context, 'access_test.policy');
  assert.is((await run(context, mended))?.ok, true);
  const broken = TESTS.replaceAll('access.allow', 'access.alow');
  client.notify('textDocument/didChange', {
    textDocument: { ...textDocument, version: 2 },
    contentChanges: [{ text: broken }],
  });
  const outcome = await run(context, mended);
  assert.is(outcome?.ok, false);
  assert.match(outcome?.text ?? '', /alow/);
  client.notify('textDocument/didClose', { textDocument });
});

test('a decision is made about the only input there is, or the one that is chosen', async (context) => {
  const [lens] = await lensesOf(context, 'access.policy');
  const none = await run(context, lens);
  assert.is(none?.ok, false);
  assert.match(none?.text ?? '', /there is no input/);
  const { context: _, ...input } = inputOf(SELECT_CUSTOMERS);
  writeFileSync(join(context.folder, 'input.json'), JSON.stringify(input));
  const allowed = await run(context, lens);
  assert.match(allowed?.text ?? 'none', /^access about .*input\.json\nALLOWED/);
  assert.is(allowed?.ok, true);
  assert.equal(context.asked, []);
  mkdirSync(join(context.folder, 'inputs'));
  const agent = { ...input, identity: { ...input.identity, kind: 'agent' } };
  // What `sallyport decide --format json` prints is an input too.
  writeFileSync(
    join(context.folder, 'inputs', 'agent.json'),
    JSON.stringify({ decision: {}, input: agent }),
  );
  context.chosen = 'inputs/agent.json';
  const blocked = await run(context, lens);
  assert.equal(context.asked, ['window/showMessageRequest', 'input.json', 'inputs/agent.json']);
  assert.is(blocked?.ok, false);
  assert.match(blocked?.text ?? '', /BLOCKED/);
  assert.match(blocked?.text ?? '', /not-allowed/);
  context.chosen = null;
  assert.is(await run(context, lens), null);
});

test('an input that is none is told', async (context) => {
  const [lens] = await lensesOf(context, 'access.policy');
  const file = join(context.folder, 'wrong.json');
  const decide = async (text: string): Promise<string> => {
    writeFileSync(file, text);
    const [given] = (lens?.command.arguments ?? []) as readonly { uri: string }[];
    const { result } = await context.client.request('workspace/executeCommand', {
      command: lens?.command.command,
      arguments: [{ ...given, input: pathToFileURL(file).href }],
    });
    const outcome = result as CommandOutcome;
    assert.is(outcome.ok, false);
    return outcome.text;
  };
  assert.match(await decide('{'), /is no JSON/);
  assert.match(await decide('[]'), /holds no object/);
  assert.match(await decide('{"action": {"kind": "x"}}'), /`action.kind` is no kind of action/);
  const { identity: _, context: __, ...rest } = inputOf(SELECT_CUSTOMERS);
  assert.match(await decide(JSON.stringify(rest)), /must have required property 'identity'/);
  rmSync(file);
  const [given] = (lens?.command.arguments ?? []) as readonly { uri: string }[];
  const { result } = await context.client.request('workspace/executeCommand', {
    command: lens?.command.command,
    arguments: [{ ...given, input: pathToFileURL(file).href }],
  });
  assert.match((result as CommandOutcome).text, /cannot be read/);
});

test('what is no command, or has no document, is refused', async ({ client }) => {
  const code = async (params: unknown): Promise<number | undefined> =>
    (await client.request('workspace/executeCommand', params)).error?.code;
  assert.is(await code({ command: 'sallyport.nothing' }), -32602);
  assert.is(await code({ command: 'sallyport.runTest' }), -32602);
  assert.is(await code({ command: 'sallyport.runTest', arguments: [{ uri: 1 }] }), -32602);
  assert.is(
    await code({ command: 'sallyport.runTest', arguments: [{ uri: 'file:///no.policy' }] }),
    -32602,
  );
});

test('an editor that has no place for outcomes is shown them', async ({ folder }) => {
  const client = await startLanguageClient(folder);
  const shownMessage = client.message('window/showMessage');
  const uri = pathToFileURL(join(folder, 'access_test.policy')).href;
  await client.request('workspace/executeCommand', {
    command: 'sallyport.runTest',
    arguments: [{ uri, name: 'test_people_pass' }],
  });
  const { type, message } = (await shownMessage) as { type: number; message: string };
  assert.is(type, 3);
  assert.match(message, /^PASS/);
  assert.is(await client.stop(), 0);
});

test.run();
