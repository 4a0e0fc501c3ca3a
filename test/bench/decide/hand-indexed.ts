/**
 * The keyed policy as somebody would write it who has measured: an index by key and verb, groups as bits, and answers made once for
 * each set of rules that match together.
 */
import type { Contender, Outcome } from './contender.ts';
import { answer } from './idiomatic.ts';
import { GROUPS, type KeyedRule, type Shape } from './keyed-rules.ts';

/** Rules of one key and verb. */
interface Entry {
  readonly id: number;
  readonly rules: readonly KeyedRule[];
  readonly bits: readonly number[];
}

/** Which rules have matched so far; the next ones lead to another node. */
interface Node {
  readonly next: Map<number, Node>;
  readonly matched: readonly KeyedRule[];
  outcome: Outcome | undefined;
}

/** Bits of one entry's rules in a key of `Node.next`. */
const RULE_BITS = 12;
/** Nodes after which all are forgotten. */
const MAX_NODES = 100_000;

export function handIndexedPolicy(shape: Shape, rules: readonly KeyedRule[]): Contender {
  const groupBits = new Map(GROUPS.map((group, at) => [group, 1 << at]));
  const index = new Map<string, Map<string, Entry>>();
  let entries = 0;
  for (const [key, ofKey] of Map.groupBy(rules, (rule) => rule.key)) {
    const byVerb = new Map<string, Entry>();
    for (const [verb, same] of Map.groupBy(ofKey, (rule) => rule.verb)) {
      if (same.length > RULE_BITS) throw new RangeError('more rules of one key than bits');
      const bits = same.map(({ group }) => groupBits.get(group) ?? 0);
      byVerb.set(verb, { id: entries, rules: same, bits });
      entries += 1;
    }
    index.set(key, byVerb);
  }
  let root: Node = { next: new Map(), matched: [], outcome: undefined };
  let nodes = 0;

  function step(node: Node, key: string, verb: string, groups: number): Node {
    const entry = index.get(key)?.get(verb);
    if (entry === undefined) return node;
    let mask = 0;
    const { bits } = entry;
    for (let at = 0; at < bits.length; at += 1)
      if (((bits[at] ?? 0) & groups) !== 0) mask |= 1 << at;
    if (mask === 0) return node;
    const name = (entry.id << RULE_BITS) | mask;
    const known = node.next.get(name);
    if (known !== undefined) return known;
    const more = entry.rules.filter((rule, at) => (mask >> at) & 1 && !node.matched.includes(rule));
    const made: Node = { next: new Map(), matched: [...node.matched, ...more], outcome: undefined };
    nodes += 1;
    node.next.set(name, made);
    return made;
  }

  return {
    decide(input): Outcome {
      const { action, identity } = input;
      let groups = 0;
      for (let at = 0; at < identity.groups.length; at += 1)
        groups |= groupBits.get(identity.groups[at] ?? '') ?? 0;
      if (nodes > MAX_NODES) {
        root = { next: new Map(), matched: [], outcome: undefined };
        nodes = 0;
      }
      let node = root;
      if (action.kind === 'http') {
        node = step(node, action.http.path, action.http.method, groups);
      } else if (action.kind === 'sql') {
        const { statements } = action.sql;
        // By index: an iterator of each loop would be the only garbage there is.
        for (let at = 0; at < statements.length; at += 1) {
          const { tables = [], verb = '' } = statements[at] ?? {};
          for (let of = 0; of < tables.length; of += 1)
            node = step(node, tables[of]?.name ?? '', verb, groups);
        }
      }
      if (shape === 'fresh') return answer(shape, node.matched, input);
      node.outcome ??= answer(shape, node.matched, input);
      return node.outcome;
    },
  };
}
