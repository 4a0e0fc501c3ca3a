/** Completion: fields of the input with their descriptions, packages and rules, variables, builtins with their signatures, keywords. */
import type { CompletionItem } from 'vscode-languageserver';
import { refusal } from '../../check/refused.ts';
import { headName } from '../../lint/lint-index.ts';
import { localNames } from '../../lint/locals.ts';
import { throughImports } from '../../lint/reach.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { KEYWORD_NAMES } from './keywords.ts';
import { inputPathOf, nameBefore, ruleAround } from './place.ts';
import { builtinSignature, printSignature } from './signature.ts';

/** Kinds of items, as the protocol numbers them. */
const KIND = { function: 3, field: 5, variable: 6, module: 9, keyword: 14 } as const;

/** What may stand at an offset. The editor filters by what is typed already. */
export function complete(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): readonly CompletionItem[] {
  const typed = nameBefore(document, offset);
  const dot = typed.lastIndexOf('.');
  if (dot !== -1) return members(host, workspace, document, offset, typed.slice(0, dot));
  const names = new Set([
    'input',
    'data',
    ...(document.module?.imports ?? []).map(({ path, alias }) => alias?.name ?? path.at(-1) ?? ''),
    ...localsAt(document, offset),
    ...membersBelow(workspace, document.module?.package.path ?? []).rules,
  ]);
  return [
    ...[...names].map((label) => ({ label, kind: KIND.variable })),
    ...builtins(host, document),
    ...KEYWORD_NAMES.map((label) => ({ label, kind: KIND.keyword })),
  ];
}

/** An item with what its builtin does, which is asked for when the item is looked at. */
export function withDescription(host: ServerHost, item: CompletionItem): CompletionItem {
  if (item.kind !== KIND.function) return item;
  // Behind a dot the label is the rest of the name; the signature begins with all of it.
  const name = /^[^(]*/.exec(item.detail ?? item.label)?.[0] ?? '';
  const documentation = host.describeBuiltin(name);
  return documentation === undefined ? item : { ...item, documentation };
}

/** What may stand behind a dot: fields of the input, packages and rules below `data`, the rest of a builtin's name. */
function members(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
  before: string,
): readonly CompletionItem[] {
  const input = inputPathOf(document, offset, before);
  const fields = input === undefined ? undefined : host.describeInput(input)?.fields;
  if (fields !== undefined)
    return [...fields].map(([label, documentation]) => ({
      label,
      documentation,
      kind: KIND.field,
    }));
  const written = document.module && throughImports(before.split('.'), document.module);
  if (written?.[0] === 'data') {
    const { rules, packages } = membersBelow(workspace, written.slice(1));
    return [
      ...[...rules].map((label) => ({ label, kind: KIND.variable })),
      ...[...packages].map((label) => ({ label, kind: KIND.module })),
    ];
  }
  return builtins(host, document)
    .filter(({ label }) => label.startsWith(`${before}.`))
    .map((item) => ({ ...item, label: item.label.slice(before.length + 1) }));
}

/** The rules of a package, and the next names of the packages below it. */
function membersBelow(
  workspace: Workspace,
  path: readonly string[],
): { readonly rules: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const rules = new Set<string>();
  const packages = new Set<string>();
  for (const { module } of workspace.documents.values()) {
    const home = module?.package.path ?? [];
    if (module === undefined || !path.every((part, at) => home[at] === part)) continue;
    const next = home[path.length];
    if (next !== undefined) packages.add(next);
    else for (const rule of module.rules) rules.add(headName(rule));
  }
  return { rules, packages };
}

/** Variables of the rule around, of the text as it could be read last. */
function localsAt(document: PolicyDocument, offset: number): readonly string[] {
  const rule = ruleAround(document, offset);
  return rule === undefined ? [] : [...localNames(rule)].filter((name) => name !== '_');
}

/** A refused builtin is offered in tests alone, where it may be replaced. */
function builtins(host: ServerHost, { source }: PolicyDocument): readonly CompletionItem[] {
  const { builtins: known, provided } = host.checkOptions;
  const isTest = /_test\.\w+$/.test(source.name);
  return [...known]
    .filter(
      ([name, signature]) =>
        !name.startsWith('internal.') &&
        (isTest || provided?.has(name) === true || refusal(name, signature) === undefined),
    )
    .map(([label]) => {
      const signature = builtinSignature(host, label);
      return {
        label,
        kind: KIND.function,
        ...(signature && { detail: printSignature(signature) }),
      };
    });
}
