/**
 * `sallyport lsp`: the language server on standard input and output. It gives the server what it needs of the engine and the files.
 */
import { dirname, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import {
  createConnection,
  LSPErrorCodes,
  Message,
  type ResponseMessage,
} from 'vscode-languageserver/node';
import { describeBuiltin } from '../../../engine/builtins/descriptions.ts';
import { createBuiltinTable } from '../../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../../engine/checker-signatures.ts';
import { checkOptions } from '../../../engine/compile-options.ts';
import { contractInputType } from '../../../engine/contract/input-type.ts';
import { lintContract } from '../../../engine/lint-contract.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';
import type { ServerHost } from '../../../lang/server/ports.ts';
import { serve } from '../../../lang/server/server.ts';
import type { Source } from '../../../lang/source.ts';
import { describeInput } from '../describe-input.ts';
import { createPageFinder } from '../docs-pages.ts';
import { makeSettingOf } from '../lint-config.ts';
import { createScenarioBuiltins, SCENARIO_DESCRIPTIONS } from '../scenario-builtins.ts';
import { findInputs, readDataDocuments, readPolicies, readTextFile } from '../workspace-files.ts';

export function register(program: Command): void {
  program
    .command('lsp')
    .description('serve an editor by the Language Server Protocol on standard input and output')
    .option('--stdio', 'the only way it is served; editors add it')
    .action(() => {
      const connection = createConnection(process.stdin, process.stdout, { cancelUndispatched });
      serve(connection, makeHost());
    });
}

/** A request that is cancelled while it waits is not worked on. */
function cancelUndispatched(message: Message): ResponseMessage | undefined {
  if (!Message.isRequest(message)) return undefined;
  const { jsonrpc, id } = message;
  const error = { code: LSPErrorCodes.RequestCancelled, message: 'the request was cancelled' };
  return { jsonrpc, id, error };
}

function makeHost(): ServerHost {
  const { builtins } = createScenarioBuiltins();
  const signatures = checkerSignatures(createBuiltinTable(builtins));
  const contract = lintContract();
  const folders: string[] = [];
  /** Names as a person knows them: below the folder of the workspace. */
  const shortNamed = ({ name, text }: Source): Source => {
    const home = folders.find((folder) => name.startsWith(`${folder}/`));
    return { name: home === undefined ? name : relative(home, name), text };
  };
  return {
    checkOptions: checkOptions(signatures, { builtins, allowMocked: true }, contractInputType()),
    lintSettings: () => ({ settingOf: makeSettingOf(LINT_RULES), contract }),
    nameOf: (uri) => pathOf(uri) ?? uri,
    describeInput,
    describeBuiltin: (name) => describeBuiltin(name) ?? SCENARIO_DESCRIPTIONS.get(name),
    pageOf: createPageFinder(),
    decisionNames: new Set(['allow', ...contract.memberFields.keys()]),
    readFile(uri) {
      const path = pathOf(uri);
      return path === undefined ? undefined : readTextFile(path);
    },
    readFolder(uri) {
      const folder = pathOf(uri);
      if (folder === undefined) return [];
      folders.push(folder);
      return readPolicies(folder).map(({ name, text }) => ({
        uri: pathToFileURL(name).href,
        text,
      }));
    },
    async runTests(sources, asked) {
      const { runEditorTests } = await import('../editor-commands.ts');
      return runEditorTests(sources.map(shortNamed), readDataDocuments(folders), asked);
    },
    async decide(sources, packageName, input) {
      const { decideInEditor } = await import('../editor-commands.ts');
      const data = readDataDocuments(folders);
      return decideInEditor(sources.map(shortNamed), data, packageName, shortNamed(input));
    },
    inputsFor(uri) {
      const path = pathOf(uri);
      if (path === undefined) return [];
      return findInputs(path, folders).map((file) => ({
        uri: pathToFileURL(file).href,
        title: relative(dirname(path), file),
      }));
    },
  };
}

/** The path of a file's address; undefined for what is no file, such as a text that was never saved. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
