/**
 * YAML text to plain data, with the place of every key and value kept. It judges the notation only, never the content.
 */
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Source, Span } from '../../lang/source.ts';
import type { ConfigProblem } from './problem.ts';

/** UTF-16 units a configuration file may have. */
const MAX_LENGTH = 1024 * 1024;

/** Path into the data: keys and indices. */
export type ConfigPath = readonly (string | number)[];

export interface ConfigText {
  readonly source: Source;
  readonly data: unknown;
  /** Where the value at a path stands; of the nearest parent when there is none. */
  valueSpan(path: ConfigPath): Span;
  /** Where the key at the end of a path stands. */
  keySpan(path: ConfigPath): Span;
}

/** Parses one YAML 1.2 document; an empty one is an empty configuration. */
export function readConfigText(source: Source): {
  readonly value?: ConfigText;
  readonly problems: readonly ConfigProblem[];
} {
  if (source.text.length > MAX_LENGTH)
    return {
      problems: [
        {
          code: 'config/too-large',
          message: `the file is longer than ${MAX_LENGTH} characters`,
          source,
          span: { start: 0, end: 1 },
          help: undefined,
        },
      ],
    };
  const document = parseDocument(source.text, {
    prettyErrors: false,
    lineCounter: new LineCounter(),
  });
  if (document.errors.length > 0)
    return {
      problems: document.errors.map((error) => ({
        code: error.code === 'DUPLICATE_KEY' ? 'config/duplicate' : 'config/syntax',
        message:
          error.code === 'DUPLICATE_KEY'
            ? 'this key stands here twice'
            : lowerFirst(error.message.split('\n')[0] ?? 'unreadable YAML').replace(/\.$/, ''),
        source,
        span: { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) },
        help: undefined,
      })),
    };
  const root = document.contents;
  return {
    value: {
      source,
      data: document.toJS({ maxAliasCount: 100 }) ?? {},
      valueSpan: (path) => spanOf(descend(root, path)),
      keySpan: (path) => keySpanOf(root, path),
    },
    problems: [],
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function child(node: Node | null, step: string | number): Node | null {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isScalar(item.key) && String(item.key.value) === `${step}`,
    );
    return (pair?.value as Node | null | undefined) ?? null;
  }
  if (isSeq(node)) return (node.items[Number(step)] as Node | undefined) ?? null;
  return null;
}

function descend(root: Node | null, path: ConfigPath): Node | null {
  let node = root;
  for (const step of path) {
    const next = child(node, step);
    if (next === null) return node;
    node = next;
  }
  return node;
}

function spanOf(node: Node | null): Span {
  const range = node?.range;
  return range === undefined || range === null
    ? { start: 0, end: 1 }
    : { start: range[0], end: Math.max(range[1], range[0] + 1) };
}

function keySpanOf(root: Node | null, path: ConfigPath): Span {
  const parent = descend(root, path.slice(0, -1));
  const last = path.at(-1);
  if (isMap(parent))
    for (const item of parent.items)
      if (isPair(item) && isScalar(item.key) && String(item.key.value) === `${last}`)
        return spanOf(item.key as Node);
  return spanOf(parent);
}
