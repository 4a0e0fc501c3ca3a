/**
 * Hover: what the schema says of an input field, how a builtin is called, the type of a variable, and the type of a rule with what its
 * METADATA or the comment above it says.
 */
import type { Rule } from '../../ast/nodes.ts';
import type { Annotation } from '../../check/annotation.ts';
import { localNames } from '../../lint/locals.ts';
import { printType } from '../../types/print.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';
import { typeOfLocal } from './local-type.ts';
import { dataPathOf, type MeantRule, rulesMeantBy } from './meant-rules.ts';
import { inputPathOf, nameAt, ruleAround } from './place.ts';
import { builtinSignature, printSignature, signatureOf, typeAt } from './signature.ts';

/** Characters of a type that are shown before the rest becomes an ellipsis. */
const MAX_TYPE_LENGTH = 400;
/** Definitions of a rule whose documentation is shown. */
const MAX_DOCUMENTED = 4;

/** Text in Markdown for what stands at an offset; undefined where there is nothing to say. */
export function hoverText(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): string | undefined {
  const name = nameAt(document, offset);
  if (name === '') return undefined;
  return (
    inputText(host, document, offset, name) ??
    localText(workspace, document, offset, name) ??
    ruleText(host, workspace, document, name) ??
    builtinText(host, name)
  );
}

function inputText(
  host: ServerHost,
  document: PolicyDocument,
  offset: number,
  name: string,
): string | undefined {
  const path = inputPathOf(document, offset, name);
  const field = path === undefined ? undefined : host.describeInput(path);
  return field && `\`${path}\`\n\n${field.description ?? ''}`.trim();
}

function localText(
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
  name: string,
): string | undefined {
  const rule = ruleAround(document, offset);
  // Only the name itself is the variable: `x.name` is a part of it.
  if (rule === undefined || name.includes('.') || !localNames(rule).has(name)) return undefined;
  const type = typeOfLocal(workspace, document, rule, offset, name);
  return code(`${name}: ${shortened(type === undefined ? 'any' : printType(type))}`);
}

function builtinText(host: ServerHost, name: string): string | undefined {
  const signature = builtinSignature(host, name);
  if (signature === undefined) return undefined;
  return [code(printSignature(signature)), signature.description ?? ''].join('\n\n').trim();
}

function ruleText(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  name: string,
): string | undefined {
  const found = rulesMeantBy(workspace, document, name);
  const path = dataPathOf(document, name);
  if (found.length === 0 || path === undefined) return undefined;
  const shown = ['data', ...path].join('.');
  const isFunction = found.some(({ rule }) => rule.head.params !== undefined);
  const signature = isFunction ? signatureOf(host, workspace, document, name) : undefined;
  const type = shortened(printType(typeAt(workspace, document, path)));
  const head = signature ? printSignature({ ...signature, name: shown }) : `${shown}: ${type}`;
  const documented = found.flatMap((one) => documentationOf(workspace, one));
  const texts = [...new Set(documented)].slice(0, MAX_DOCUMENTED);
  return [code(head), ...texts].join('\n\n');
}

/** What METADATA says of a rule, else the comment right above it. */
function documentationOf(workspace: Workspace, { document, rule }: MeantRule): readonly string[] {
  const annotations = workspace.checkNear(document).annotations.ofRule(rule);
  if (annotations.length > 0) return annotations.map(annotationText).filter((text) => text !== '');
  const comment = commentAbove(document, rule);
  return comment === '' ? [] : [comment];
}

function annotationText({ title, description, custom, relatedResources }: Annotation): string {
  const facts = Object.entries(custom).map(([key, value]) => `- ${key}: ${plain(value)}`);
  const links = relatedResources.map(({ ref, description: about }) => `- ${about} <${ref}>`);
  return [
    ...(title ? [`**${title}**`] : []),
    ...(description ? [description.trim()] : []),
    ...(facts.length + links.length === 0 ? [] : [[...facts, ...links].join('\n')]),
  ].join('\n\n');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The lines of comments that end on the line before the rule. */
function commentAbove({ module, moduleSource }: PolicyDocument, rule: Rule): string {
  const lines: string[] = [];
  let below = rule.span.start;
  for (const { span, text } of (module?.comments ?? []).toReversed()) {
    if (span.start >= below) continue;
    const between = moduleSource.text.slice(span.end, below);
    const before = moduleSource.text.slice(0, span.start);
    if (!/^\r?\n$/.test(between) || !(before === '' || before.endsWith('\n'))) break;
    lines.unshift(text.trim());
    below = span.start;
  }
  return lines.join('\n');
}

function shortened(text: string): string {
  return text.length <= MAX_TYPE_LENGTH ? text : `${text.slice(0, MAX_TYPE_LENGTH)}…`;
}

function code(text: string): string {
  return `\`\`\`policy\n${text}\n\`\`\``;
}
