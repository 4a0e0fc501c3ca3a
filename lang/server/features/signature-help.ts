/** Signature help: how the function around the cursor is called, and which of its parameters the cursor is at. */
import type { SignatureHelp } from 'vscode-languageserver';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { callAt } from './call-at.ts';
import { printParameter, printSignature, signatureOf } from './signature.ts';

/** The call around an offset; undefined where there is none that is known. */
export function signatureHelp(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): SignatureHelp | undefined {
  const call = callAt(document.source, offset);
  const signature = call && signatureOf(host, workspace, document, call.name);
  if (call === undefined || signature === undefined) return undefined;
  const parameters = signature.parameters.map((one) => ({ label: printParameter(one) }));
  return {
    signatures: [
      {
        label: printSignature(signature),
        parameters,
        ...(signature.description === undefined ? {} : { documentation: signature.description }),
      },
    ],
    activeSignature: 0,
    activeParameter: Math.min(call.argument, Math.max(0, parameters.length - 1)),
  };
}
