/** References, highlights, rename and symbols, asked as an editor asks. */
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LanguageClient, startLanguageClient } from '../../../support/language-client.ts';

const names = suite<{ folder: string; client: LanguageClient }>('lang/server/features/names');
const SHARED = 'package shared\n\nlimit := 5\n\nlow if limit < 3\n';

names.before.each(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-lsp-'));
  writeFileSync(join(context.folder, 'shared.policy'), SHARED);
  context.client = await startLanguageClient(context.folder);
});
names.after.each(async ({ folder, client }) => {
  assert.is(await client.stop(), 0);
  rmSync(folder, { recursive: true });
});

interface Edit {
  readonly range: { readonly start: { line: number; character: number } };
}
const placesOf = (edits: unknown): readonly string[] =>
  (edits as readonly Edit[]).map(({ range: { start } }) => `${start.line}:${start.character}`);

const USER =
  'package a\n\nimport data.shared.limit\n\nhigh if limit‸ > 9\n\nalso := data.shared["limit"]\n';

names('references are found in every file and however they are written', async ({ client }) => {
  const at = client.open('a.policy', USER);
  const context = { includeDeclaration: true };
  const { result } = await client.request('textDocument/references', { ...at, context });
  assert.equal([...placesOf(result)].sort(), ['2:0', '2:19', '4:7', '4:8', '6:21']);
  const uses = await client.request('textDocument/references', {
    ...at,
    context: { includeDeclaration: false },
  });
  assert.is(placesOf(uses.result).length, 4);
});

names('highlights are those of the document', async ({ client }) => {
  const at = client.open('a.policy', USER);
  const { result } = await client.request('textDocument/documentHighlight', at);
  assert.equal(placesOf(result), ['2:19', '4:8', '6:21']);
});

names('a rule is renamed in the whole workspace', async ({ client, folder }) => {
  const at = client.open('a.policy', USER);
  const { result } = await client.request('textDocument/rename', { ...at, newName: 'ceiling' });
  const { changes } = result as { changes: Record<string, readonly Edit[]> };
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  assert.equal(placesOf(changes[uriOf('shared.policy')]), ['2:0', '4:7']);
  assert.equal(placesOf(changes[uriOf('a.policy')]), ['2:19', '4:8', '6:21']);
});

names('a variable is renamed in its rule alone', async ({ client }) => {
  const at = client.open('b.policy', 'package b\n\np if {\n\tx‸ := 1\n\tx > 0\n}\n\nq(x) := x\n');
  const { result } = await client.request('textDocument/rename', { ...at, newName: 'y' });
  const { changes } = result as { changes: Record<string, readonly Edit[]> };
  assert.equal(placesOf(Object.values(changes)[0]), ['3:1', '4:1']);
});

names('what cannot keep its meaning is not renamed', async ({ client }) => {
  const refuses = async (text: string, newName: string, why: RegExp): Promise<void> => {
    const at = client.open('c.policy', text);
    const { error } = await client.request('textDocument/rename', { ...at, newName });
    assert.is(error?.code, -32803, text);
    assert.match(error?.message ?? '', why);
    client.notify('textDocument/didClose', at);
  };
  await refuses('package c\n\nallow‸ if true\n', 'permit', /the gateway reads `allow`/);
  await refuses('package c\n\np‸ if true\n', 'if', /word of the language/);
  await refuses('package c\n\np‸ if true\n', 'a-b', /is no name/);
  await refuses('package c\n\np‸ if true\n', 'count', /is a builtin/);
  await refuses('package c\n\np‸ if true\n\nq if p\n', 'q', /is used in/);
  await refuses('package c\n\np if count‸([]) == 0\n', 'q', /only rules and variables/);
  await refuses('package c\n\np if input.identity.kind‸ == "x"\n', 'q', /only rules/);
  await refuses(
    'package c\n\np‸ if true\n\nq if {\n\tsome k\n\tdata.c[k]\n}\n',
    'r',
    /without its name/,
  );
  await refuses('package c\n\np‸ if true\n\nq(p) := p\n', 'r', /a rule and a variable/);
});

names('a variable with the name of a rule has its own definition', async ({ client }) => {
  const at = client.open('d.policy', 'package d\n\np := 1\n\nq if {\n\tp := 2\n\tp‸ > 1\n}\n');
  const { result } = await client.request('textDocument/definition', at);
  assert.equal(placesOf(result), ['5:1']);
});

names('symbols are told of a document and of the workspace', async ({ client }) => {
  const { textDocument } = client.open('e.policy', 'package e\n\np := 1\n\nf(x) := x\n');
  const own = await client.request('textDocument/documentSymbol', { textDocument });
  const all = await client.request('workspace/symbol', { query: 'shlim' });
  const told = (result: unknown): readonly string[] =>
    (result as readonly { name: string; kind: number }[]).map(
      ({ name, kind }) => `${name} ${kind}`,
    );
  assert.equal(told(own.result), ['p 13', 'f 12']);
  assert.equal(told(all.result), ['limit 13']);
});

names('a file that changes or goes on the disk is read again', async ({ client, folder }) => {
  const told = client.diagnostics('f.policy', (found) => found.length > 0);
  const { textDocument } = client.open(
    'f.policy',
    'package f\n\nallow if data.shared.limit == "x"\n',
  );
  assert.is((await told)[0]?.code, 'type/match');
  const file = join(folder, 'shared.policy');
  const uri = pathToFileURL(file).href;
  const mended = client.diagnostics('f.policy', (found) =>
    found.every(({ code }) => code !== 'type/match'),
  );
  writeFileSync(file, 'package shared\n\nlimit := "y"\n');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  await mended;
  unlinkSync(file);
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
  const { result } = await client.request('workspace/symbol', { query: 'limit' });
  assert.equal(result, []);
  client.notify('textDocument/didClose', { textDocument });
  const gone = await client.request('textDocument/documentSymbol', { textDocument });
  assert.is(gone.result, null);
});

names('fixes are offered one by one and all at once', async ({ client }) => {
  const { textDocument } = client.open(
    'g.policy',
    'package g\n\nallow if {\n\tinput.identity.kind == "human"\n\tnot not_staff == true\n}\n\nnot_staff = true if input.session.rows > 3\n',
  );
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const ask = async (only?: readonly string[]): Promise<readonly string[]> => {
    const context = { diagnostics: [], ...(only && { only }) };
    const { result } = await client.request('textDocument/codeAction', {
      textDocument,
      range,
      context,
    });
    return (result as readonly { kind: string }[]).map(({ kind }) => kind);
  };
  assert.ok((await ask(['quickfix'])).includes('quickfix'));
  assert.equal(await ask(['source.fixAll']), ['source.fixAll']);
  assert.equal(await ask(['refactor']), []);
});

names.run();
