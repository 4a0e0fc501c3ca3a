/** Puts the rules of a module set before the type checker, each after the rules it reads, and its faults into the report. */
import type { AnnotationSet } from '../check/annotation.ts';
import { writtenName } from '../check/context.ts';
import type { LoweredRule } from '../check/lower-rule.ts';
import type { LoweredRef, LoweredTerm } from '../check/lowered.ts';
import type { CheckOptions } from '../check/options.ts';
import type { Report } from '../check/report.ts';
import { isEntry, type RuleGraph } from '../check/rule-graph.ts';
import type { RuleEntry } from '../check/rule-tree.ts';
import { scalarKey } from '../check/steps.ts';
import { readAnnotatedSchemas, type SchemasOfRule } from './annotated-schemas.ts';
import { type CheckedTypes, checkTypes, type TypedBranch, type TypeMemory } from './check-types.ts';
import { scalarNodeKey } from './constant.ts';
import { declaredFunctions } from './declarations.ts';
import type { Wording } from './references.ts';
import { type StaticKey, stringKey } from './type.ts';

/** Types every rule; the bodies must have been found safe and be in order. */
export function checkModuleTypes(
  lowered: ReadonlyMap<RuleEntry, LoweredRule>,
  graph: RuleGraph,
  annotations: AnnotationSet,
  options: CheckOptions,
  report: Report,
  memory?: TypeMemory,
): CheckedTypes {
  const schemasOf = readAnnotatedSchemas(annotations, options, report);
  const branches = graph
    .groups()
    .flatMap((group) => group.filter(isEntry))
    .flatMap((entry) => typedBranches(entry, lowered.get(entry), schemasOf));
  return checkTypes({
    branches,
    builtins: declaredFunctions(options.builtins),
    inputType: options.inputType,
    dependentsOf: (target) =>
      target.head.name !== 'data'
        ? []
        : graph
            .dependentsOf(target.path.map(({ term }) => scalarKey(term)))
            .map((entry) => staticPath(entry)),
    report: (code, source, span, message, help) =>
      report.error(code, source, span, message, help === undefined ? {} : { help }),
    memory,
  });
}

function typedBranches(
  entry: RuleEntry,
  rule: LoweredRule | undefined,
  schemasOf: SchemasOfRule,
): readonly TypedBranch[] {
  if (rule === undefined) return [];
  const path = staticPath(entry);
  // The rule's own name is the first key after the package; the head's steps follow it.
  const staticSteps = path.length - entry.package.length - 1;
  const documents = schemasOf(entry.rule);
  const wording = makeWording((name) => writtenName(rule.names, name));
  return rule.branches.map((branch, at) => ({
    entry,
    at,
    source: entry.source,
    headSpan: entry.rule.head.span,
    path,
    dynamic: branch.path.slice(staticSteps),
    branch,
    wording,
    documents,
  }));
}

/** The leading constant steps of a rule's place below `data`. */
function staticPath(entry: RuleEntry): readonly StaticKey[] {
  const name = entry.rule.head.ref.head;
  return [
    ...entry.package.map(stringKey),
    ...(name.kind === 'Var' ? [stringKey(name.name)] : []),
    ...entry.rule.head.ref.path
      .slice(0, entry.groundLength - entry.package.length - 1)
      .flatMap(({ term }) => scalarNodeKey(term) ?? []),
  ];
}

/** Writes references the way a policy does, variables by the names in the text. */
export function makeWording(written: (name: string) => string): Wording {
  const termText = (term: LoweredTerm): string => {
    switch (term.kind) {
      case 'scalar':
        if (term.node.kind === 'Null') return 'null';
        if (term.node.kind === 'Number') return term.node.text;
        return JSON.stringify(term.node.value);
      case 'var':
        return nameOf(term.name, written);
      case 'ref':
        return refText(term, term.path.length);
      default:
        return '…';
    }
  };
  const refText = (ref: LoweredRef, steps: number): string =>
    ref.path
      .slice(0, steps)
      .reduce(
        (text, { term }) =>
          term.kind === 'scalar' && term.node.kind === 'String' && isName(term.node.value)
            ? `${text}.${term.node.value}`
            : `${text}[${termText(term)}]`,
        nameOf(ref.head.name, written),
      );
  return (ref, steps) => {
    if (!nameOf(ref.head.name, written).includes(' ')) return `\`${refText(ref, steps)}\``;
    return steps === 0 ? UNNAMED : `a part of ${UNNAMED}`;
  };
}

function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/** What has no name in the text. */
const UNNAMED = 'this value';

/** A name the checker made itself is never shown. */
function nameOf(name: string, written: (name: string) => string): string {
  const shown = written(name);
  return shown.startsWith('$') ? UNNAMED : shown;
}
