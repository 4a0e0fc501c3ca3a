/** Generates literals that hold bodies or take values apart: negated and joined bodies, calls with outputs, patterns, several indices. */
import type { Choices } from './choices.ts';
import { generateDocumentRef, generateLeaf, generateTerm } from './generate-term.ts';
import { freshName, type GeneratedLiteral, inner, type Scope } from './scope.ts';
import { COLLECTIONS, COMPARISONS, NESTED_REFS, WITH_CLAUSES } from './vocabulary.ts';

/** How many forms there are. */
const FORMS = 18;

export function generateNested(choices: Choices, scope: Scope): GeneratedLiteral {
  const deeper = inner(scope);
  const x = freshName(scope);
  const y = `${x}_2`;
  const leaf = (): string => generateLeaf(choices, scope);
  const term = (): string => generateTerm(choices, deeper);
  const plain = (text: string): GeneratedLiteral => ({ text, binds: [] });
  const binding = (text: string, ...names: readonly string[]): GeneratedLiteral => ({
    text,
    binds: names.map((name) => ({ name, sort: 'any' })),
  });
  switch (choices.below(FORMS)) {
    case 0:
      return binding(`${choices.one(NESTED_REFS)}[${x}][${y}]`, x, y);
    case 1:
      return binding(`some ${x}, ${y}\n\t${choices.one(NESTED_REFS)}[${x}][${y}]`, x, y);
    case 2:
      return plain(`${leaf()}, ${leaf()} in ${choices.one(COLLECTIONS)}`);
    case 3:
      return binding(`split("a,b,c", ${choices.one(['","', 'input.s'])}, ${x})`, x);
    case 4:
      return binding(`split("1,b", ",", [${x}, ${y}])`, x, y);
    case 5:
      return outputOfFunction(choices, scope, x);
    case 6:
      return binding(
        `{"k": ${x}, "l": [${leaf()}, ${y}]} = {"l": [${leaf()}, ${term()}], "k": ${leaf()}}`,
        x,
        y,
      );
    case 7:
      return binding(`[${x}, [${y}, _]] = [${term()}, [${leaf()}, ${x}]]`, x, y);
    case 8:
      return plain(`{1, ${leaf()}} = {${leaf()}, 1}`);
    case 9:
      return binding(`walk(${choices.one(COLLECTIONS)}, [[${x}], ${y}])`, x, y);
    case 10:
      return binding(`walk(${leaf()}, ${x}); count(${x}[0]) > 0`, x);
    case 11:
      return plain(`${term()} with ${choices.one(WITH_CLAUSES)} with ${choices.one(WITH_CLAUSES)}`);
    case 12:
      return plain(`not { ${bodyText(choices, deeper)} }`);
    case 13:
      return plain(`not ${operand(choices, scope)}`);
    case 14:
      return plain(
        `${operand(choices, deeper)} ${choices.one(['and', 'or'])} ${operand(choices, deeper)}`,
      );
    case 15: {
      const within = inner(scope, [{ name: x, sort: 'any' }]);
      return plain(
        `every ${x} in ${choices.one(COLLECTIONS)} { ${bodyText(choices, within)}; ${x} == ${x} }`,
      );
    }
    case 16:
      return binding(
        `${x} = [${y} | ${y} = ${generateDocumentRef(choices)}[_]; ${y} != ${leaf()}]`,
        x,
      );
    default:
      return binding(`${leaf()} = ${x}[${leaf()}]; ${x} = ${generateDocumentRef(choices)}`, x);
  }
}

function bodyText(choices: Choices, scope: Scope): string {
  return scope.body(choices, scope, 2).text.replaceAll('\n\t', '; ');
}

function outputOfFunction(choices: Choices, scope: Scope, name: string): GeneratedLiteral {
  const [called] = scope.functions;
  if (called === undefined)
    return { text: `count(${generateLeaf(choices, scope, 'string')}, ${name})`, binds: [] };
  const args = Array.from({ length: called.arity }, () => generateLeaf(choices, scope));
  const output = choices.one([name, name, `[${name}, _]`, `{"k": ${name}}`]);
  return {
    text: `${called.name}(${[...args, output].join(', ')})`,
    binds: [{ name, sort: 'any' }],
  };
}

/** One side of `and` and `or`. */
function operand(choices: Choices, scope: Scope): string {
  const compared = (): string =>
    `${generateLeaf(choices, scope)} ${choices.one(COMPARISONS)} ${generateDocumentRef(choices)}`;
  switch (choices.below(5)) {
    case 0:
      return generateDocumentRef(choices);
    case 1:
      return compared();
    case 2:
      return `{ ${bodyText(choices, inner(scope))} }`;
    case 3:
      return `(${compared()})`;
    default:
      return `not ${compared()}`;
  }
}
