/** What a server must outlive: clients that go, broken messages, configurations and texts, and edits in any order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LanguageClient, startLanguageClient } from '../../support/language-client.ts';

const test = suite<{ folder: string; client: LanguageClient }>('lang/server/robustness');

test.before.each(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-lsp-'));
  writeFileSync(join(context.folder, 'shared.policy'), 'package shared\n\nlimit := 5\n');
  context.client = await startLanguageClient(context.folder);
});
test.after.each(async ({ folder, client }) => {
  await client.hangUp();
  rmSync(folder, { recursive: true });
});

const WARNED = 'package w\n\nallow if true\n';
const EVERYWHERE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

/** The server still answers. */
async function assertAlive(client: LanguageClient): Promise<void> {
  const { textDocument } = client.open('alive.policy', 'package alive\n\np   := 1\n');
  const { result } = await client.request('textDocument/formatting', { textDocument, options: {} });
  assert.is((result as readonly unknown[]).length, 1);
  assert.is(await client.stop(), 0);
}

test('a faulty configuration of the linter is told, and everything else goes on', async ({
  folder,
  client,
}) => {
  writeFileSync(join(folder, '.sallyport-lint.yaml'), 'rules: [');
  const told = client.message('window/showMessage');
  const { textDocument } = client.open('w.policy', WARNED);
  assert.match(JSON.stringify(await told), /sallyport-lint\.yaml/);
  const asked = { textDocument, range: EVERYWHERE, context: { diagnostics: [] } };
  assert.equal((await client.request('textDocument/codeAction', asked)).result, []);
  const mended = client.diagnostics('w.policy', (found) =>
    found.some(({ code }) => code.startsWith('lint/')),
  );
  writeFileSync(join(folder, '.sallyport-lint.yaml'), 'rules: {}');
  client.notify('textDocument/didChange', {
    textDocument: { ...textDocument, version: 2 },
    contentChanges: [{ text: `${WARNED}\n` }],
  });
  await mended;
  await assertAlive(client);
});

test('the end of its input ends the server', async ({ client }) => {
  assert.is(await client.hangUp(), 1);
});

test('a message that is no JSON is passed over', async ({ client }) => {
  client.raw('Content-Length: 5\r\n\r\n{oops');
  await assertAlive(client);
});

test('a message without a length ends the server, for the next cannot be found', async ({
  client,
}) => {
  client.raw('Content-Size: 5\r\n\r\n{"a":');
  assert.is(await client.hangUp(), 1);
});

test('a request that is cancelled while it waits is answered so', async ({ client }) => {
  const at = client.open('c.policy', `package c\n\n${'p := [1, 2]\n'.repeat(2000)}‸`);
  const waiting = Array.from({ length: 20 }, () => client.request('textDocument/hover', at));
  const cancelled = client.request('textDocument/completion', at);
  // The requests of this client are numbered; the last one is the 20th after those before it.
  client.notify('$/cancelRequest', { id: client.lastId() });
  assert.is((await cancelled).error?.code, -32800);
  await Promise.all(waiting);
  await assertAlive(client);
});

test('a text beyond the limit is told so and can be edited', async ({ client }) => {
  const told = client.diagnostics('big.policy', (found) => found.length > 0);
  const { textDocument } = client.open(
    'big.policy',
    `package big\n${'# a line of it\n'.repeat(300_000)}`,
  );
  assert.equal(
    (await told).map(({ code }) => code),
    ['parse/limit'],
  );
  const mended = client.diagnostics('big.policy', (found) => found.length === 0);
  client.notify('textDocument/didChange', {
    textDocument: { ...textDocument, version: 2 },
    contentChanges: [{ text: 'package big\n' }],
  });
  await mended;
  await assertAlive(client);
});

test('edits in quick succession leave the text they make together', async ({ client }) => {
  const { textDocument } = client.open('q.policy', 'package q\n\n');
  const typed = 'allow if input.identity.knd == "human"\n';
  const last = client.diagnostics('q.policy', (_, version) => version === typed.length + 1);
  for (const [at, text] of [...typed].entries()) {
    const start = { line: 2, character: at };
    client.notify('textDocument/didChange', {
      textDocument: { ...textDocument, version: at + 2 },
      contentChanges: [{ range: { start, end: start }, text }],
    });
  }
  assert.equal(
    (await last).map(({ code }) => code),
    ['type/undefined-field'],
  );
  await assertAlive(client);
});

test('a change to a version that is gone is passed over', async ({ client }) => {
  const { textDocument } = client.open('v.policy', 'package v\n\np := 1\n');
  const edit = (version: number, text: string, character: number): void => {
    const start = { line: 2, character };
    client.notify('textDocument/didChange', {
      textDocument: { ...textDocument, version },
      contentChanges: [{ range: { start, end: start }, text }],
    });
  };
  edit(5, '2', 6);
  edit(3, '!!!', 0);
  const symbols = async (): Promise<string> =>
    JSON.stringify((await client.request('textDocument/documentSymbol', { textDocument })).result);
  assert.match(await symbols(), /"name":"p"/);
  client.notify('textDocument/didChange', {
    textDocument: { ...textDocument, version: 4 },
    contentChanges: [{ text: 'package v\n\nwhole := 1\n' }],
  });
  assert.match(await symbols(), /"name":"whole"/);
  await assertAlive(client);
});

test('a change to what is not open, and a place that is not there, are no faults', async ({
  client,
}) => {
  const place = { line: 500, character: 500 };
  client.notify('textDocument/didChange', {
    textDocument: { uri: 'file:///nowhere.policy', version: 1 },
    contentChanges: [{ text: 'x' }],
  });
  const { textDocument } = client.open('p.policy', 'package p\n\nq := 1\n');
  for (const method of ['hover', 'completion', 'signatureHelp', 'definition'])
    assert.is(
      (await client.request(`textDocument/${method}`, { textDocument, position: place })).error,
      undefined,
      method,
    );
  await assertAlive(client);
});

test('a text that is no file is served, and two spellings of an address are one file', async ({
  folder,
  client,
}) => {
  const untitled = 'untitled:Untitled-1';
  const text = 'package u\n\np := data.shared.limit\n';
  client.notify('textDocument/didOpen', {
    textDocument: { uri: untitled, languageId: 'policy', version: 1, text },
  });
  const at = { textDocument: { uri: untitled }, position: { line: 2, character: 20 } };
  assert.match(
    JSON.stringify((await client.request('textDocument/definition', at)).result),
    /shared/,
  );
  const shared = pathToFileURL(join(folder, 'shared.policy')).href;
  const other = shared.replace('shared.policy', 'sh%61red.policy');
  client.notify('textDocument/didOpen', {
    textDocument: {
      uri: other,
      languageId: 'policy',
      version: 1,
      text: 'package shared\n\nlimit := 5\n',
    },
  });
  const { result } = await client.request('textDocument/definition', at);
  assert.equal(
    (result as readonly { uri: string }[]).map(({ uri }) => uri),
    [other],
  );
  for (const uri of ['file://host/share/a.policy', 'file:///a%ZZ.policy', 'no address'])
    client.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'policy', version: 1, text },
    });
  await assertAlive(client);
});

/** A policy with a bit of everything, cut and mixed up below. */
const TEXT = `# METADATA
# title: A
package z.y

import data.shared
import future.keywords.not

default allow := false

allow if {
	some s in input.action.sql.statements
	count({t | some t in s.tables; t.access == "write"}) > shared.limit
	not { startswith($"a {s.verb}", \`raw\`) }
	every k, v in {"a": [1, 2]} { v[0] < 3 with input.x as k }
} else := false

f(x, [y]) := object.get(x, "k", y)

test_f if f({}, [1]) == 1
`;

test('a text with faults anywhere is asked everything without a fault of the server', async ({
  client,
}) => {
  const { textDocument } = client.open('z.policy', TEXT);
  let version = 1;
  for (let step = 0; step < 36; step += 1) {
    const cut = (step * 61) % TEXT.length;
    const text =
      step % 3 === 0
        ? TEXT.slice(0, cut)
        : step % 3 === 1
          ? TEXT.slice(0, cut) + TEXT.slice(cut + 1 + (step % 7))
          : `${TEXT.slice(0, cut)}${'{("`.,:=['[step % 9]}${TEXT.slice(cut)}`;
    version += 1;
    client.notify('textDocument/didChange', {
      textDocument: { ...textDocument, version },
      contentChanges: [{ text }],
    });
    const before = text.slice(0, cut).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    const at = { textDocument, position };
    const asked: readonly (readonly [string, object])[] = [
      ['completion', at],
      ['hover', at],
      ['signatureHelp', at],
      ['definition', at],
      ['references', { ...at, context: { includeDeclaration: true } }],
      ['documentHighlight', at],
      ['documentSymbol', at],
      ['formatting', { textDocument, options: {} }],
      ['rangeFormatting', { textDocument, range: EVERYWHERE, options: {} }],
      ['codeAction', { textDocument, range: EVERYWHERE, context: { diagnostics: [] } }],
      ['codeLens', { textDocument }],
      ['foldingRange', { textDocument }],
      ['selectionRange', { textDocument, positions: [position] }],
      ['inlayHint', { textDocument, range: EVERYWHERE }],
      ['semanticTokens/full', { textDocument }],
      ['semanticTokens/range', { textDocument, range: EVERYWHERE }],
    ];
    const answers = await Promise.all(
      asked.map(async ([method, params]) => {
        const { error } = await client.request(`textDocument/${method}`, params);
        return error === undefined ? [] : [`${method}: ${error.message}`];
      }),
    );
    assert.equal(answers.flat(), [], text);
  }
  await assertAlive(client);
});

test.run();
