/** Inlay hints: the names of parameters before the arguments of calls that have several, unless the argument says it itself. */
import type { InlayHint } from 'vscode-languageserver';
import type { Call, Term } from '../../ast/nodes.ts';
import { visit } from '../../ast/visit.ts';
import { calledName } from '../../lint/expressions.ts';
import { namesOf } from '../../lint/reach.ts';
import type { Span } from '../../source.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { type Signature, signatureOf } from './signature.ts';

/** The kind of a hint for a parameter, as the protocol numbers it. */
const PARAMETER = 2;

/** Hints of the calls in a span; none while the text has faults of syntax. */
export function inlayHints(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  within: Span,
): readonly InlayHint[] {
  const { module, moduleSource, source, map } = document;
  if (module === undefined || moduleSource !== source) return [];
  const known = new Map<string, Signature | undefined>();
  const signature = (call: Call): Signature | undefined => {
    const name = calledName(call);
    if (!known.has(name)) known.set(name, signatureOf(host, workspace, document, name));
    return known.get(name);
  };
  const hints: InlayHint[] = [];
  for (const rule of module.rules) {
    if (rule.span.end < within.start || rule.span.start > within.end) continue;
    visit(rule, {
      Call: (call) => {
        if (call.args.length < 2) return undefined;
        for (const [at, arg] of call.args.entries()) {
          const { name = '' } = signature(call)?.parameters[at] ?? {};
          if (arg.span.start < within.start || arg.span.end > within.end) continue;
          if (!isName(name) || saysItself(arg, name)) continue;
          hints.push({
            position: map.placeAt(arg.span.start),
            label: `${name}:`,
            kind: PARAMETER,
            paddingRight: true,
          });
        }
        return undefined;
      },
    });
  }
  return hints;
}

/** A letter tells nothing, and a pattern is none. */
function isName(name: string): boolean {
  return /^[A-Za-z]\w+$/.test(name);
}

function saysItself(arg: Term, name: string): boolean {
  return namesOf(arg)?.at(-1)?.toLowerCase() === name.toLowerCase();
}
