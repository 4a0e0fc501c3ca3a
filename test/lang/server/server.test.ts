/** The language server as an editor meets it: a process of its own, JSON-RPC over its standard input and output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LanguageClient, startLanguageClient } from '../../support/language-client.ts';
import { applyTextEdits, type TextEdit } from '../../support/text-edits.ts';

const server = suite<{ folder: string; client: LanguageClient }>('lang/server/server');

server.before.each(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-lsp-'));
  writeFileSync(join(context.folder, 'shared.policy'), 'package shared\n\nlimit := 5\n');
  context.client = await startLanguageClient(context.folder);
});
server.after.each(async ({ folder, client }) => {
  assert.is(await client.stop(), 0);
  rmSync(folder, { recursive: true });
});

const labels = (result: unknown): readonly string[] =>
  (result as readonly { label: string }[]).map(({ label }) => label);

server(
  'a misspelt field is told when the file opens, and gone when it is mended',
  async ({ client }) => {
    const faulty = client.diagnostics('a.policy', (found) => found.length > 0);
    const { textDocument } = client.open(
      'a.policy',
      'package a\n\nallow if input.identity.knd == "human"\n',
    );
    const [fault] = await faulty;
    assert.is(fault?.code, 'type/undefined-field');
    assert.match(fault?.codeDescription?.href ?? '', /^file:.*\/docs\/diagnostics\.md#L\d+$/);
    assert.equal(fault?.range.start, { line: 2, character: 23 });
    const mended = client.diagnostics('a.policy', (found) =>
      found.every(({ code }) => !code.startsWith('type/')),
    );
    const at = { line: 2, character: 25 };
    client.notify('textDocument/didChange', {
      textDocument: { ...textDocument, version: 2 },
      contentChanges: [{ range: { start: at, end: at }, text: 'i' }],
    });
    await mended;
  },
);

server('faults of syntax are told', async ({ client }) => {
  const told = client.diagnostics('b.policy', (found) => found.length > 0);
  client.open('b.policy', 'package b\n\nallow if {\n');
  assert.match((await told)[0]?.code ?? '', /^parse\//);
});

server('completion knows the fields of the input, also through a variable', async ({ client }) => {
  const direct = await client.request(
    'textDocument/completion',
    client.open('c.policy', 'package c\n\nallow if input.action.sql.st‸\n'),
  );
  assert.ok(labels(direct.result).includes('statements'));
  const through = await client.request(
    'textDocument/completion',
    client.open(
      'd.policy',
      'package d\n\nallow if {\n\tsome s in input.action.sql.statements\n\ts.‸class\n}\n',
    ),
  );
  assert.ok(labels(through.result).includes('verb'));
});

server(
  'hover tells what a field is, how a builtin is called and what type a rule has',
  async ({ client }) => {
    const text = 'package e\n\nallow if count(data.shared.limit) == input.session.ro‸ws\n';
    const at = client.open('e.policy', text);
    const hover = async (character: number): Promise<string> => {
      const { result } = await client.request('textDocument/hover', {
        ...at,
        position: { line: 2, character },
      });
      return JSON.stringify(result);
    };
    assert.match(await hover(text.split('\n')[2]?.indexOf('‸') ?? 0), /Rows returned so far/);
    assert.match(await hover(11), /count\(/);
    assert.match(await hover(30), /data\.shared\.limit.*number/);
  },
);

server('definition goes to a rule of another file', async ({ client }) => {
  const at = client.open('f.policy', 'package f\n\nallow if data.shared.li‸mit > 3\n');
  const { result } = await client.request('textDocument/definition', at);
  assert.match(JSON.stringify(result), /shared\.policy.*"line":2/);
});

server('formatting gives the one layout', async ({ client }) => {
  const text = 'package g\nallow   if   true\n';
  const { textDocument } = client.open('g.policy', text);
  const { result } = await client.request('textDocument/formatting', { textDocument, options: {} });
  assert.is(applyTextEdits(text, result as TextEdit[]), 'package g\n\nallow if true\n');
});

server(
  'a file nobody opened has no answer, and an unknown request is refused',
  async ({ client }) => {
    const nowhere = {
      textDocument: { uri: 'file:///nowhere.policy' },
      position: { line: 0, character: 0 },
    };
    assert.is((await client.request('textDocument/hover', nowhere)).result, null);
    assert.is((await client.request('sallyport/nothing', {})).error?.code, -32601);
  },
);

server.run();
