/**
 * Cases written in another way that means the same here, and lets OPA off from what it does wrong: where both then agree, a difference
 * is what it is said to be. Each function gives the case as it was where there is nothing to rewrite.
 */
import { compilePolicies } from '../../engine/policy-set.ts';
import type { Body, Node } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { parseModule } from '../../lang/parse.ts';
import type { Span } from '../../lang/source.ts';
import { BASE_DOCUMENT, type FuzzCase } from './generate-module.ts';

/** Text in place of a span of a module. */
interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** Builtins whose result can be bytes that are no UTF-8. */
const MAKE_BYTES = /^(?:base64\.decode|base64url\.decode|hex\.decode|urlquery\.decode)$/;

/** Bodies that are `true`, negated or with replacements, and nothing else, are `true` alone. */
export function withPlainTruth(example: FuzzCase): FuzzCase {
  return rewritten(example, ({ node, textOf }) => {
    if (node.kind !== 'Body') return [];
    const [literal, ...others] = node.literals;
    if (literal === undefined || others.length > 0) return [];
    const isTruth = /^(?:not\s+true$|true\s+with\b)/.test(textOf(literal));
    return isTruth ? [{ span: literal.span, text: 'true' }] : [];
  });
}

/** Results of functions that are matched as an argument are matched by `=`, as the refusal advises. */
export function withOutputsApart(example: FuzzCase): FuzzCase {
  const policies = example.modules.map((text, at) => ({ name: String(at), text }));
  const refused = compilePolicies({ policies }).diagnostics.filter(
    ({ code }) => code === 'refused/output-pattern',
  );
  return rewritten(example, ({ node, module, textOf }) => {
    if (node.kind !== 'Call') return [];
    const pattern = node.args.at(-1);
    const isRefused = refused.some(
      ({ source, span }) =>
        source.name === String(module) &&
        span.start === pattern?.span.start &&
        span.end === pattern.span.end,
    );
    if (pattern === undefined || !isRefused) return [];
    const call = textOf({ span: { start: node.span.start, end: pattern.span.start } });
    const text = `${textOf(pattern)} = ${call.replace(/,\s*$/, '')})`;
    return [{ span: node.span, text }];
  });
}

/** Every body that names a variable names it once more in a statement of its own. */
export function withNameAlone(example: FuzzCase, name: string): FuzzCase {
  const bodies = new Set<Body>();
  return rewritten(example, ({ node, ancestors }) => {
    if (node.kind !== 'Var' || node.name !== name) return [];
    const rule = ancestors.find(({ kind }) => kind === 'Rule');
    const body =
      ancestors.findLast((around) => around.kind === 'Body') ??
      (rule?.kind === 'Rule' ? rule.body : undefined);
    if (body?.kind !== 'Body' || bodies.has(body)) return [];
    bodies.add(body);
    const end = body.literals.at(-1)?.span.end ?? body.span.end;
    return [insertion(end, `; ${name} == ${name}`)];
  });
}

/** What may be bytes that are no UTF-8 goes through JSON, which has a character for them. */
export function withBytesAsText(example: FuzzCase): FuzzCase {
  return rewritten(example, ({ node, textOf }) => {
    if (node.kind !== 'Call' || node.args.length !== 1) return [];
    if (!MAKE_BYTES.test(textOf(node.operator))) return [];
    return around(node.span, 'json.unmarshal(json.marshal(', '))');
  });
}

/** Objects that comprehensions make are made of sets of entries, so that equal keys come one behind the other. */
export function withKeysInOrder(example: FuzzCase): FuzzCase {
  return rewritten(example, ({ node }) => {
    if (node.kind !== 'ObjectComprehension') return [];
    const { key, value, body } = node;
    const { start, end } = node.span;
    const entry = `[key_${start}, value_${start}]`;
    const opening = `{key_${start}: value_${start} | some ${entry} in {[`;
    return [
      { span: { start, end: key.span.start }, text: opening },
      { span: { start: key.span.end, end: value.span.start }, text: ', ' },
      { span: { start: value.span.end, end: body.span.start }, text: '] | ' },
      insertion(end, '}'),
    ];
  });
}

/** Comprehensions hold another one that reads each of their variables, so that OPA makes no index of them. */
export function withoutIndexes(example: FuzzCase): FuzzCase {
  return rewritten(example, ({ node }) => {
    if (!isComprehension(node)) return [];
    const names = new Set<string>();
    visit(node, {
      Var({ name }, ancestors) {
        const isCalled = ancestors.at(-2)?.kind === 'Call' && ancestors.at(-1)?.kind === 'Ref';
        if (!isCalled && !['_', 'input', 'data'].includes(name)) names.add(name);
        return undefined;
      },
    });
    const end = node.body.literals.at(-1)?.span.end ?? node.body.span.end;
    return [insertion(end, [...names].map((name) => `; [1 | ${name}]`).join(''))];
  });
}

/** Comprehensions stand in a statement of their own before the one they are a part of; those in others go with them. */
export function withComprehensionsFirst(example: FuzzCase): FuzzCase {
  const begun = new Set<Node>();
  return rewritten(example, ({ node, ancestors, textOf }) => {
    if (!isComprehension(node)) return [];
    const around = ancestors.findLast((one) => one.kind === 'Literal' || isComprehension(one));
    const rule = ancestors.find(({ kind }) => kind === 'Rule');
    if (rule?.kind !== 'Rule' || (around !== undefined && isComprehension(around))) return [];
    const statement = `count(${textOf(node)}) >= 0`;
    const at = (around ?? rule.body?.literals[0])?.span.start;
    if (at !== undefined) return [insertion(at, `${statement}; `)];
    const before = begun.has(rule) ? '; ' : ' if ';
    begun.add(rule);
    return [insertion(rule.head.span.end, before + statement)];
  });
}

/** A document below `data.base` is replaced together with all of `data.base`, of which the rest is what it was. */
export function withWholeBase(example: FuzzCase): FuzzCase {
  const names = Object.keys(JSON.parse(BASE_DOCUMENT) as object);
  return rewritten(example, ({ node, textOf }) => {
    if (node.kind !== 'With') return [];
    const { target, value } = node;
    const name = /^data\.base\.(\w+)$/.exec(textOf(target))?.[1];
    if (name === undefined || !names.includes(name)) return [];
    const rest = names.filter((one) => one !== name).map((one) => `"${one}": data.base.${one}`);
    const whole = `{${[`"${name}": ${textOf(value)}`, ...rest].join(', ')}}`;
    return [
      { span: { start: target.span.start, end: value.span.end }, text: `data.base as ${whole}` },
    ];
  });
}

type Comprehension = Extract<
  Node,
  { kind: 'ArrayComprehension' | 'SetComprehension' | 'ObjectComprehension' }
>;

function isComprehension(node: Node): node is Comprehension {
  return node.kind.endsWith('Comprehension');
}

function around(span: Span, before: string, after: string): readonly Edit[] {
  return [insertion(span.start, before), insertion(span.end, after)];
}

function insertion(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}

/** A node of a module, and where it stands. */
interface Met {
  readonly node: Node;
  readonly ancestors: readonly Node[];
  readonly module: number;
  readonly textOf: (part: { readonly span: Span }) => string;
}

/** The case with the edits that nodes ask for. What stands inside a text that is replaced stays as it is. */
function rewritten(example: FuzzCase, editsOf: (met: Met) => readonly Edit[]): FuzzCase {
  return {
    ...example,
    modules: example.modules.map((text, index) => {
      const { module } = parseModule({ name: 'fuzz.rego', text });
      const edits: Edit[] = [];
      if (module === undefined) return text;
      const textOf = ({ span }: { readonly span: Span }): string =>
        text.slice(span.start, span.end);
      visit(module, {
        enter(node, ancestors) {
          const asked = editsOf({ node, ancestors, module: index, textOf });
          edits.push(...asked);
          const isReplaced = asked.some(
            ({ span }) => span.start === node.span.start && span.end === node.span.end,
          );
          return isReplaced ? 'skip' : undefined;
        },
      });
      return applied(text, edits);
    }),
  };
}

/** Insertions at one place stand in the order they were asked for. */
function applied(text: string, edits: readonly Edit[]): string {
  return edits
    .map((edit, order) => ({ ...edit, order }))
    .toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end || b.order - a.order)
    .reduce(
      (made, { span, text: put }) => made.slice(0, span.start) + put + made.slice(span.end),
      text,
    );
}
