/** The workspace of a language server in this process, over texts instead of files, with the engine's builtins and contract. */

import { describeInput } from '../../control/cli/describe-input.ts';
import { describeBuiltin } from '../../engine/builtins/descriptions.ts';
import { createBuiltinTable } from '../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../engine/checker-signatures.ts';
import { contractInputType } from '../../engine/contract/input-type.ts';
import { lintContract } from '../../engine/lint-contract.ts';
import type { ServerHost } from '../../lang/server/ports.ts';
import {
  createWorkspace,
  type PolicyDocument,
  type Workspace,
} from '../../lang/server/workspace.ts';

export interface MarkedDocument {
  readonly host: ServerHost;
  readonly workspace: Workspace;
  readonly document: PolicyDocument;
  /** Where `‸` stood; 0 without it. */
  readonly offset: number;
}

/** A host without files and commands. */
export function makeTestHost(): ServerHost {
  const contract = lintContract();
  const nothing = async (): Promise<{ ok: boolean; text: string }> => ({ ok: true, text: '' });
  return {
    checkOptions: {
      builtins: checkerSignatures(createBuiltinTable()),
      inputType: contractInputType(),
      allowMocked: true,
    },
    lintSettings: () => ({ contract }),
    nameOf: (uri) => uri,
    describeInput,
    describeBuiltin,
    pageOf: (code) => `docs:${code}`,
    decisionNames: new Set(['allow', ...contract.memberFields.keys()]),
    readFolder: () => [],
    readFile: () => undefined,
    runTests: nothing,
    decide: nothing,
    inputsFor: () => [],
  };
}

/** Opens a text whose cursor is marked `‸`, beside others. */
export function openMarked(
  marked: string,
  others: Readonly<Record<string, string>> = {},
): MarkedDocument {
  const host = makeTestHost();
  const workspace = createWorkspace(host);
  for (const [name, text] of Object.entries(others)) workspace.put(name, text);
  workspace.put('main.policy', marked.replace('‸', ''));
  const document = workspace.find('main.policy');
  if (document === undefined) throw new Error('the workspace has lost the document');
  return { host, workspace, document, offset: Math.max(0, marked.indexOf('‸')) };
}
