/** The code of the extension for Visual Studio Code, with an editor and a client that note what is asked of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { projectRoot } from '../support/source-files.ts';

const test = suite('examples/vscode-client');

interface ClientOptions {
  readonly documentSelector: readonly { readonly scheme: string; readonly language: string }[];
  readonly initializationOptions: unknown;
  readonly middleware: {
    executeCommand(name: string, given: unknown[], next: Next): Promise<unknown>;
  };
}
type Next = (name: string, given: unknown[]) => Promise<unknown>;

interface Editor {
  /** What was asked of the editor and the client, in order. */
  readonly log: unknown[];
  readonly options: ClientOptions;
  readonly deactivate: () => unknown;
}

/** Activates the extension in an editor whose user picks an input and a file. */
async function activate(picks: string | undefined, file?: string): Promise<Editor> {
  const log: unknown[] = [];
  let options: ClientOptions | undefined;
  const output = {
    clear: () => undefined,
    append: (text: string) => void log.push({ output: text }),
    show: () => undefined,
  };
  const vscode = {
    window: {
      createOutputChannel: () => output,
      setStatusBarMessage: (text: string) => void log.push({ status: text }),
      showWarningMessage: (text: string) => void log.push({ warning: text }),
      showQuickPick: async (items: readonly string[]) => {
        log.push({ offered: items });
        return picks;
      },
      showOpenDialog: async () => (file === undefined ? undefined : [file]),
    },
    workspace: {
      getConfiguration: () => ({ get: () => ['npx', 'sallyport', 'lsp'] }),
      createFileSystemWatcher: (pattern: string) => pattern,
    },
  };
  class LanguageClient {
    constructor(_id: string, _name: string, server: unknown, given: ClientOptions) {
      log.push(server);
      options = given;
    }
    async start(): Promise<void> {
      log.push('started');
    }
    async stop(): Promise<void> {
      log.push('stopped');
    }
    async sendRequest(method: string, params: unknown): Promise<unknown> {
      log.push({ method, params });
      return [{ title: 'input.json', uri: 'file:///input.json' }];
    }
  }
  const text = readFileSync(join(projectRoot, 'examples/vscode/extension.js'), 'utf8');
  const exported: { activate?: () => Promise<unknown>; deactivate?: () => unknown } = {};
  compileFunction(text, ['require', 'exports'])(
    (name: string) => (name === 'vscode' ? vscode : { LanguageClient }),
    exported,
  );
  await exported.activate?.();
  assert.ok(options);
  if (options === undefined) throw new Error('no client was made');
  return { log, options, deactivate: () => exported.deactivate?.() };
}

test('the client starts the server of the settings for policies, saved or not', async () => {
  const { log, options, deactivate } = await activate(undefined);
  assert.equal(log, [{ command: 'npx', args: ['sallyport', 'lsp'] }, 'started']);
  assert.equal(
    options.documentSelector.map(({ scheme, language }) => `${scheme} ${language}`),
    ['file policy', 'untitled policy'],
  );
  assert.equal(options.initializationOptions, { showsOutcome: true });
  await deactivate();
  assert.is(log.at(-1), 'stopped');
});

test('what a test comes to is shown', async () => {
  const { log, options } = await activate(undefined);
  log.length = 0;
  const run = (ok: boolean, text: string): Promise<unknown> =>
    options.middleware.executeCommand('sallyport.runTest', [{ uri: 'a' }], async () => ({
      ok,
      text,
    }));
  await run(true, 'PASS  a\n1 passed');
  await run(false, 'FAIL  a\n  got 1');
  assert.equal(log, [
    { output: 'PASS  a\n1 passed' },
    { status: '$(pass) PASS  a' },
    { output: 'FAIL  a\n  got 1' },
    { warning: 'FAIL  a' },
  ]);
});

test('a decision is asked for with the input the user picks', async () => {
  const asked = async (picks: string | undefined, file?: string): Promise<unknown> => {
    const { log, options } = await activate(picks, file);
    let sent: unknown;
    await options.middleware.executeCommand(
      'sallyport.decide',
      [{ uri: 'a' }],
      async (_, given) => {
        sent = given;
        return null;
      },
    );
    assert.ok(log.some((one) => JSON.stringify(one).includes('"sallyport/inputs"')));
    assert.equal(log.at(-1), { offered: ['input.json', 'Choose a file…'] });
    return sent;
  };
  assert.equal(await asked('input.json'), [{ uri: 'a', input: 'file:///input.json' }]);
  assert.equal(await asked('Choose a file…', 'file:///x.json'), [
    { uri: 'a', input: 'file:///x.json' },
  ]);
  assert.is(await asked('Choose a file…'), undefined);
  assert.is(await asked(undefined), undefined);
});

test.run();
