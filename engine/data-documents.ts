/**
 * The base document: JSON and YAML texts merged below `data`. Two documents may fill the same object; two values for one place,
 * or a value where a rule stands, are faults of the user's files and come back as diagnostics.
 */
import type { Diagnostic } from '../lang/diagnostic.ts';
import type { Source } from '../lang/source.ts';
import { readYaml } from './builtins/yaml-reader.ts';
import type { RuleNode } from './interpret/rule-tree.ts';
import { isObject } from './value/compare.ts';
import { isFault } from './value/fault.ts';
import { readJson } from './value/json.ts';
import { MIN_SKIMMED, skimJson } from './value/json-skim.ts';
import { ObjectBuilder, RegoObject } from './value/object.ts';
import type { Value } from './value/value.ts';

/** A document and the place it fills: `data` itself, or what is named below it. */
export interface DataSource extends Source {
  readonly at?: readonly string[];
}

export interface DataDocuments {
  readonly data: RegoObject;
  readonly diagnostics: readonly Diagnostic[];
}

/** Merges documents in the order given; what stands at `data` itself must be an object. */
export function mergeDataDocuments(sources: readonly DataSource[], tree: RuleNode): DataDocuments {
  const diagnostics: Diagnostic[] = [];
  let data = RegoObject.EMPTY;
  const roots: { readonly source: DataSource; readonly root: RegoObject }[] = [];
  for (const source of sources) {
    const report = (
      code: 'check/data-syntax' | 'check/data-conflict',
      message: string,
      at = 0,
      help?: string,
    ): void => {
      const span = { start: at, end: Math.min(at + 1, source.text.length) };
      const found = { code, severity: 'error', message, source, span } as const;
      diagnostics.push(help === undefined ? found : { ...found, help });
    };
    const reading = readDocument(source);
    const root = 'fault' in reading ? undefined : placed(reading.value, source.at ?? []);
    if ('fault' in reading) {
      report('check/data-syntax', reading.fault, reading.at);
    } else if (!isObject(root)) {
      report('check/data-syntax', 'the root of a data document must be an object');
    } else {
      const merged = mergeObjects(data, root, []);
      if (merged instanceof RegoObject) data = merged;
      else {
        const other = roots.find(({ root: earlier }) => hasPath(earlier, merged))?.source.name;
        const message = `\`data.${merged.join('.')}\` has a value in ${other ?? 'another document'} too`;
        report('check/data-conflict', message, 0, 'keep one of the two values');
      }
      roots.push({ source, root });
      const taken = findRuleConflict(tree, root);
      if (taken !== undefined) {
        const where = `${taken.rule.source.name}`;
        report(
          'check/data-conflict',
          `\`data.${taken.path.join('.')}\` is also a rule of ${where}`,
          0,
          'give the value another place, or the rule another name',
        );
      }
    }
  }
  return { data, diagnostics };
}

/** The object that has the value at a path. */
function placed(value: Value, path: readonly string[]): Value {
  return path.reduceRight<Value>(
    (inner, name) => new ObjectBuilder().set(name, inner).build(),
    value,
  );
}

/** `at` is the offset of the fault. */
type Reading = { readonly value: Value } | { readonly fault: string; readonly at: number };

function readDocument(source: Source): Reading {
  if (source.name.endsWith('.json')) {
    const skimmed = source.text.length < MIN_SKIMMED ? undefined : skimJson(source.text);
    if (skimmed !== undefined) return { value: skimmed };
    const reading = readJson(source.text);
    if (reading.ok) return { value: reading.value };
    return { fault: `this JSON cannot be read: ${reading.message}`, at: reading.offset };
  }
  const value = readYaml(source.text);
  if (!isFault(value)) return { value };
  const [, line = '1', fault = value.message] =
    /^yaml: (?:line (\d+): )?(.*?)(?: at line \d+.*)?$/s.exec(value.message) ?? [];
  return {
    fault: `this YAML cannot be read: ${fault}`,
    at: startOfLine(source.text, Number(line)),
  };
}

function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) at = text.indexOf('\n', at) + 1;
  return at;
}

function hasPath(root: RegoObject, path: readonly string[]): boolean {
  let value: Value | undefined = root;
  for (const name of path)
    value = value !== undefined && isObject(value) ? value.get(name) : undefined;
  return value !== undefined;
}

/** The union of two objects, or the first place where they disagree. */
function mergeObjects(
  into: RegoObject,
  from: RegoObject,
  path: readonly string[],
): RegoObject | readonly string[] {
  if (into.size === 0) return from;
  const builder = ObjectBuilder.of(into);
  for (const [key, value] of from.toSortedEntries()) {
    const before = into.get(key);
    const here = [...path, String(key)];
    if (before === undefined) {
      builder.set(key, value);
    } else if (isObject(before) && isObject(value)) {
      const merged = mergeObjects(before, value, here);
      if (!(merged instanceof RegoObject)) return merged;
      builder.set(key, merged);
    } else {
      return here;
    }
  }
  return builder.build();
}

/** The first place where a rule defines what `value` has too. */
export function findRuleConflict(
  node: RuleNode,
  value: Value,
): { readonly path: readonly string[]; readonly rule: RuleNode['rules'][number] } | undefined {
  const rule = node.rules[0] ?? node.fallback;
  if (rule !== undefined) return { path: node.path, rule };
  if (!isObject(value)) return undefined;
  for (const [name, child] of node.children) {
    const below = value.get(name);
    const conflict = below === undefined ? undefined : findRuleConflict(child, below);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}
