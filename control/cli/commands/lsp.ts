/**
 * `sallyport lsp`: the language server on standard input and output. It gives the server what it needs of the engine and the files.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { createConnection } from 'vscode-languageserver/node';
import { createBuiltinTable } from '../../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../../engine/checker-signatures.ts';
import { checkOptions } from '../../../engine/compile-options.ts';
import { contractInputType } from '../../../engine/contract/input-type.ts';
import { lintContract } from '../../../engine/lint-contract.ts';
import { LINT_RULES } from '../../../lang/lint/rule-list.ts';
import type { ServerHost } from '../../../lang/server/ports.ts';
import { serve } from '../../../lang/server/server.ts';
import { ControlError } from '../../error.ts';
import { readPolicyFiles } from '../../policies/read-files.ts';
import { describeInput } from '../describe-input.ts';
import { makeSettingOf } from '../lint-config.ts';
import { createScenarioBuiltins } from '../scenario-builtins.ts';

export function register(program: Command): void {
  program
    .command('lsp')
    .description('serve an editor by the Language Server Protocol on standard input and output')
    .option('--stdio', 'the only way it is served; editors add it')
    .action(() => serve(createConnection(process.stdin, process.stdout), makeHost()));
}

function makeHost(): ServerHost {
  const { builtins } = createScenarioBuiltins();
  const signatures = checkerSignatures(createBuiltinTable(builtins));
  const contract = lintContract();
  return {
    checkOptions: checkOptions(signatures, { builtins, allowMocked: true }, contractInputType()),
    lintSettings: () => ({ settingOf: makeSettingOf(LINT_RULES), contract }),
    nameOf: (uri) => (uri.startsWith('file:') ? fileURLToPath(uri) : uri),
    describeInput,
    decisionNames: new Set(['allow', ...contract.memberFields.keys()]),
    readFile(uri) {
      try {
        return uri.startsWith('file:') ? readFileSync(fileURLToPath(uri), 'utf8') : undefined;
      } catch {
        // A file that is gone, or cannot be read, is no file of the workspace.
        return undefined;
      }
    },
    readFolder(uri) {
      try {
        const { policies, tests } = readPolicyFiles([fileURLToPath(uri)]);
        return [...policies, ...tests].map(({ name, text }) => ({
          uri: pathToFileURL(name).href,
          text,
        }));
      } catch (error) {
        // A folder without policies, or one that cannot be read, is served file by file.
        if (error instanceof ControlError) return [];
        throw error;
      }
    },
  };
}
