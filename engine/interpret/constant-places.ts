/**
 * Places that constant keys in heads make below a partial node, whether or not a rule contributes to them: with `p[1][2] := v` there is
 * always an object `p[1]`, as there is an object `p.a` with `p.a.b := v`. A place where a rule has a variable key makes none below it.
 */
import type { Term } from '../../lang/ast/nodes.ts';
import type { CheckedRule } from '../../lang/check/checked.ts';
import type { Value } from '../value/value.ts';
import { keysBelow, type RuleNode } from './rule-tree.ts';

export interface ConstantPlace {
  readonly path: readonly Value[];
  readonly isSet: boolean;
  /** One of the definitions below. */
  readonly rule: CheckedRule;
}

interface Definition {
  readonly rule: CheckedRule;
  readonly keys: readonly Term[];
}

/** The places below a partial node that exist without a contribution; `constantOf` gives the values of constant keys. */
export function constantPlaces(
  node: RuleNode,
  constantOf: (term: Term) => Value | undefined,
): readonly ConstantPlace[] {
  const all = node.rules.map((rule) => ({ rule, keys: keysBelow(rule, node.path.length) }));
  return placesBelow(all, [], constantOf);
}

function placesBelow(
  definitions: readonly Definition[],
  path: readonly Value[],
  constantOf: (term: Term) => Value | undefined,
): readonly ConstantPlace[] {
  const [first] = definitions;
  if (first === undefined) return [];
  const depth = path.length;
  const here = definitions.filter(({ keys }) => keys.length === depth);
  const isSet = here.length > 0 && here.every(({ rule }) => rule.rule.head.contains !== undefined);
  if (here.length > 0 && !isSet) return [];
  const place = depth === 0 ? [] : [{ path, isSet, rule: first.rule }];
  const groups = new Map<string, { readonly key: Value; readonly below: Definition[] }>();
  for (const definition of definitions) {
    const term = definition.keys[depth];
    const key = term === undefined ? undefined : scalarOf(term, constantOf);
    if (key === undefined || term === undefined) return place;
    const text = `${term.kind} ${String(key)}`;
    const group = groups.get(text) ?? { key, below: [] };
    groups.set(text, group);
    group.below.push(definition);
  }
  return [
    ...place,
    ...[...groups.values()].flatMap(({ key, below }) =>
      placesBelow(below, [...path, key], constantOf),
    ),
  ];
}

function scalarOf(term: Term, constantOf: (term: Term) => Value | undefined): Value | undefined {
  switch (term.kind) {
    case 'String':
    case 'Number':
    case 'Boolean':
    case 'Null':
      return constantOf(term);
    default:
      return undefined;
  }
}
