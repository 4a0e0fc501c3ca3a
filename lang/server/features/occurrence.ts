/**
 * Where a name of a policy stands: a rule, by its path below `data` in every file, or a variable inside one rule. What is read through a
 * variable or as a whole package has no name in the text and is told apart, for a new name would change it.
 */
import type { Node, Rule, Var } from '../../ast/nodes.ts';
import { visit } from '../../ast/visit.ts';
import { headName } from '../../lint/lint-index.ts';
import { localNames } from '../../lint/locals.ts';
import { throughImports } from '../../lint/reach.ts';
import type { Span } from '../../source.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';

/** What a name means. */
export type Meaning =
  | { readonly kind: 'rule'; readonly path: readonly string[] }
  | { readonly kind: 'local'; readonly rule: Rule; readonly name: string };

/** One place where it is written. */
export interface Occurrence {
  readonly document: PolicyDocument;
  /** The name itself, without quotes. */
  readonly span: Span;
  readonly isDefinition: boolean;
}

export interface Occurrences {
  readonly places: readonly Occurrence[];
  /** References that reach the rule without its name. */
  readonly unnamed: readonly Omit<Occurrence, 'isDefinition'>[];
}

/** A place with what the name there means. */
export interface Named extends Occurrence {
  readonly meaning: Meaning;
}

/** Every name of a document that means a rule or a variable; none while its text has faults of syntax. */
export function namedPlaces(workspace: Workspace, document: PolicyDocument): readonly Named[] {
  return namesIn(workspace, document).named;
}

/** What the name at an offset means; undefined where there is none, or the text has faults. */
export function meaningAt(
  workspace: Workspace,
  document: PolicyDocument,
  offset: number,
): Meaning | undefined {
  return namesIn(workspace, document).named.find(
    ({ span }) => span.start <= offset && offset <= span.end,
  )?.meaning;
}

/** Every place of the workspace where a name of that meaning is written; a variable's are in one document. */
export function occurrencesOf(
  workspace: Workspace,
  meaning: Meaning,
  home: PolicyDocument,
): Occurrences {
  const documents = meaning.kind === 'local' ? [home] : [...workspace.documents.values()];
  const all = documents.map((document) => namesIn(workspace, document));
  return {
    places: all
      .flatMap(({ named }) => named)
      .filter((one) => isSame(one.meaning, meaning))
      .map(({ document, span, isDefinition }) => ({ document, span, isDefinition })),
    unnamed:
      meaning.kind === 'local'
        ? []
        : all
            .flatMap(({ open }) => open)
            .filter(({ path }) => path.every((part, at) => part === meaning.path[at])),
  };
}

function isSame(left: Meaning, right: Meaning): boolean {
  if (left.kind === 'local')
    return right.kind === 'local' && left.rule === right.rule && left.name === right.name;
  return right.kind === 'rule' && left.path.join('\0') === right.path.join('\0');
}

interface OpenRead {
  readonly document: PolicyDocument;
  readonly span: Span;
  readonly path: readonly string[];
}

interface Names {
  readonly named: readonly Named[];
  readonly open: readonly OpenRead[];
}

/** Every name of a document that means a rule or a variable. */
function namesIn(workspace: Workspace, document: PolicyDocument): Names {
  const { module, source, moduleSource } = document;
  const named: Named[] = [];
  const open: OpenRead[] = [];
  if (module === undefined || source !== moduleSource) return { named, open };
  const rulePath = workspace.rulePathOf;
  const own = module.package.path;
  const add = (meaning: Meaning, span: Span, isDefinition = false): void =>
    void named.push({ document, meaning, span, isDefinition });
  /** Notes a path below `data`, whose last steps are written in `spans`. */
  const addPath = (
    path: readonly string[],
    spans: readonly (Span | undefined)[],
    whole: Span,
    isWhole: boolean,
  ): void => {
    const found = rulePath(path);
    if (found === undefined) {
      if (isWhole) open.push({ document, span: whole, path });
      return;
    }
    const span = spans[found.length - 1 - (path.length - spans.length)];
    if (span !== undefined) add({ kind: 'rule', path: found }, span);
  };
  for (const { path, span, alias } of module.imports) {
    if (path[0] !== 'data') continue;
    const spans = importSpans(source.text, span, path);
    addPath(path.slice(1), spans?.slice(1) ?? [], alias?.span ?? span, false);
  }
  for (const rule of module.rules) {
    const locals = localNames(rule);
    visit(rule, {
      enter: (node, ancestors) => {
        const parent = ancestors.at(-1);
        const head = node.kind === 'Var' ? node : undefined;
        if (head === undefined || head.name === '_') return undefined;
        const ref = parent?.kind === 'Ref' && parent.head === head ? parent : undefined;
        if (ref !== undefined && ancestors.at(-2)?.kind === 'RuleHead' && isHeadOf(rule, ref)) {
          add({ kind: 'rule', path: [...own, headName(rule)] }, head.span, true);
          return undefined;
        }
        if (locals.has(head.name)) {
          const isDefinition = isBinding(head, ancestors);
          add({ kind: 'local', rule, name: head.name }, head.span, isDefinition);
          return undefined;
        }
        const steps = ref === undefined ? [] : constantSteps(source.text, ref);
        const written = [head.name, ...steps.map(({ name }) => name)];
        const names = throughImports(written, module);
        const spans = [head.span, ...steps.map(({ span }) => span)];
        const isImported = names !== written;
        const isAlias = isImported && names[names.length - written.length] !== head.name;
        if (names[0] === 'data')
          addPath(
            names.slice(1),
            isImported ? [isAlias ? undefined : head.span, ...spans.slice(1)] : spans.slice(1),
            ref?.span ?? head.span,
            true,
          );
        else if (names[0] !== 'input') addPath([...own, ...names], spans, head.span, false);
        return undefined;
      },
    });
  }
  return { named, open };
}

function isHeadOf(rule: Rule, node: Node): boolean {
  return rule.head.ref === node;
}

/** The first place of a variable is that of a parameter, a declaration or an assignment. */
function isBinding(name: Var, ancestors: readonly Node[]): boolean {
  return ancestors.some((node, at) => {
    const below = ancestors[at + 1] ?? name;
    switch (node.kind) {
      case 'RuleHead':
        return node.params?.some((param) => param === below) ?? false;
      case 'Assign':
        return node.target === below;
      case 'SomeDecl':
        return true;
      case 'SomeIn':
      case 'Every':
        return node.key === below || node.value === below;
      default:
        return false;
    }
  });
}

interface ConstantStep {
  readonly name: string;
  /** Undefined where the text writes it with escapes. */
  readonly span: Span | undefined;
}

function constantSteps(text: string, ref: Node & { kind: 'Ref' }): readonly ConstantStep[] {
  const steps: ConstantStep[] = [];
  for (const { term } of ref.path) {
    if (term.kind !== 'String') break;
    const { start, end } = term.span;
    const written = text.slice(start, end);
    const inner = { start: start + 1, end: end - 1 };
    const span =
      written === term.value ? term.span : written.slice(1, -1) === term.value ? inner : undefined;
    steps.push({ name: term.value, span });
  }
  return steps;
}

/** Where the names of an import stand; undefined where it is not written with dots alone. */
function importSpans(
  text: string,
  span: Span,
  path: readonly string[],
): readonly Span[] | undefined {
  const dotted = path.join('.');
  const from = text.indexOf(dotted, span.start);
  if (from === -1 || from + dotted.length > span.end) return undefined;
  let at = from;
  return path.map((name) => {
    const start = at;
    at += name.length + 1;
    return { start, end: start + name.length };
  });
}
