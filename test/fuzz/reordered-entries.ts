/** The same case with the entries of one object literal in another order: what OPA may make of equal evaluated keys. */
import type { ObjectTerm } from '../../lang/ast/nodes.ts';
import { visit } from '../../lang/ast/visit.ts';
import { parseModule } from '../../lang/parse.ts';
import type { FuzzCase } from './generate-module.ts';

/** Entries of a literal beyond which only the reversed order is tried. */
const MAX_PERMUTED = 4;

/** Each case that differs in the order of one literal's entries, where two keys of the literal are evaluated. */
export function reorderedEntries(example: FuzzCase): readonly FuzzCase[] {
  return example.modules.flatMap((text, at) =>
    literalsOf(text).flatMap((literal) =>
      orders(literal.entries.length).map((order) => ({
        ...example,
        modules: example.modules.with(at, withOrder(text, literal, order)),
      })),
    ),
  );
}

/**
 * Each case that writes one such literal as a chain of `object.union`, in any order of its entries: the last one counts. The order of the
 * text alone does not make it count, for constants and variables come before references.
 */
export function unitedEntries(example: FuzzCase): readonly FuzzCase[] {
  return example.modules.flatMap((text, at) =>
    literalsOf(text).flatMap((literal) =>
      [literal.entries.map((_, index) => index), ...orders(literal.entries.length)].map(
        (order) => ({
          ...example,
          modules: example.modules.with(at, asUnion(text, literal, order)),
        }),
      ),
    ),
  );
}

function asUnion(text: string, literal: ObjectTerm, order: readonly number[]): string {
  const union = order.reduce((made, index) => {
    const span = literal.entries[index]?.span ?? literal.span;
    const entry = `{${text.slice(span.start, span.end)}}`;
    return made === '' ? entry : `object.union(${made}, ${entry})`;
  }, '');
  return `${text.slice(0, literal.span.start)}${union}${text.slice(literal.span.end)}`;
}

function isEvaluated(literal: ObjectTerm, index: number): boolean {
  const kind = literal.entries[index]?.key.kind;
  return kind === 'Ref' || kind === 'Var';
}

function literalsOf(text: string): readonly ObjectTerm[] {
  const { module } = parseModule({ name: 'fuzz.rego', text });
  const literals: ObjectTerm[] = [];
  if (module === undefined) return literals;
  visit(module, {
    Object(node) {
      const evaluated = node.entries.filter((_, index) => isEvaluated(node, index));
      if (evaluated.length > 1) literals.push(node);
      return undefined;
    },
  });
  return literals;
}

function withOrder(text: string, literal: ObjectTerm, order: readonly number[]): string {
  const texts = literal.entries.map(({ span }) => text.slice(span.start, span.end));
  const inner = order.map((at) => texts[at]).join(', ');
  return `${text.slice(0, literal.span.start)}{${inner}}${text.slice(literal.span.end)}`;
}

function orders(count: number): readonly (readonly number[])[] {
  const first = Array.from({ length: count }, (_, at) => at);
  return count > MAX_PERMUTED ? [first.toReversed()] : permutations(first).slice(1);
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
