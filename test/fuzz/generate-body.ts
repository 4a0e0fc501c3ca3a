/** Generates the text of rule bodies, keeping track of which variables each literal binds. */
import type { Choices } from './choices.ts';
import { generateNested } from './generate-nested.ts';
import {
  COMPARED_SORTS,
  generateDocumentRef,
  generateLeaf,
  generateTerm,
} from './generate-term.ts';
import {
  freshName,
  type GeneratedBody,
  type GeneratedLiteral,
  inner,
  type Scope,
  type Sort,
} from './scope.ts';
import { COLLECTIONS, COMPARISONS, WITH_CLAUSES } from './vocabulary.ts';

/** In a hundred, how many names that are declared and not used get a use. */
const USED_PERCENT = 90;
/** In a hundred, how many bodies need re-ordering because their literals are reversed. */
const REVERSED_PERCENT = 8;

const SORTS: readonly Sort[] = ['any', 'any', 'number', 'string', 'array', 'set', 'object'];

/** Between one and `most` literals; now and then in an order that needs re-ordering. */
export function generateBody(choices: Choices, scope: Scope, most: number): GeneratedBody {
  let now = scope;
  const literals = choices.several(1, most, () => {
    const literal = generateLiteral(choices, now);
    now = { ...now, bound: [...now.bound, ...literal.binds] };
    return literal.text;
  });
  const texts = literals.join('\n');
  for (const { name } of now.bound.slice(scope.bound.length))
    if (isUnused(name, texts) && choices.chance(USED_PERCENT))
      literals.push(choices.one([`${name} == ${name}`, name, `[${name}]`]));
  if (literals.length > 1 && choices.chance(REVERSED_PERCENT)) literals.reverse();
  return { text: literals.join(choices.chance(50) ? '\n\t' : '; '), bound: now.bound };
}

/** Is a name declared and never mentioned again? OPA refuses the body then, even if only its head uses another one. */
function isUnused(name: string, text: string): boolean {
  const mentions = text.match(new RegExp(`(?<![\\w.])${name}(?!\\w)`, 'g')) ?? [];
  return (
    mentions.length <= 1 && new RegExp(`(some |, )${name}\\b|\\b${name}(, \\w+\\])? :=`).test(text)
  );
}

function generateLiteral(choices: Choices, scope: Scope): GeneratedLiteral {
  const deeper = inner(scope);
  const name = freshName(scope);
  const term = (sort: Sort = 'any'): string => generateTerm(choices, deeper, sort);
  const plain = (text: string): GeneratedLiteral => ({ text, binds: [] });
  const binding = (text: string, ...names: string[]): GeneratedLiteral => ({
    text,
    binds: names.map((bound) => ({ name: bound, sort: 'any' })),
  });
  switch (choices.below(32)) {
    case 0:
      return plain(term());
    case 1:
    case 2: {
      const sort = choices.one(SORTS);
      return { text: `${name} := ${term(sort)}`, binds: [{ name, sort }] };
    }
    case 3: {
      const sort = choices.one(COMPARED_SORTS);
      return plain(`${term(sort)} ${choices.one(COMPARISONS)} ${term(sort)}`);
    }
    case 4:
      return plain(`${term('number')} ${choices.one(COMPARISONS)} ${term('number')}`);
    case 5:
      return binding(`some ${name} in ${collection(choices, deeper)}`, name);
    case 6:
      return binding(
        `some ${name}_key, ${name} in ${collection(choices, deeper)}`,
        name,
        `${name}_key`,
      );
    case 7: {
      const sort = choices.one(SORTS);
      return { text: `${name} = ${term(sort)}`, binds: [{ name, sort }] };
    }
    case 8:
      return plain(`not ${negatable(choices, deeper)}`);
    case 9: {
      const more = inner(scope, [{ name, sort: 'any' }]);
      const rest = choices.chance(40) ? `; ${generateBody(choices, more, 1).text}` : '';
      return plain(
        `every ${name} in ${collection(choices, deeper)} { ${name} ${choices.one(COMPARISONS)} ${generateLeaf(choices, more)}${rest} }`,
      );
    }
    case 10:
      return binding(`${choices.one(COLLECTIONS)}[${name}]`, name);
    case 11:
      return binding(
        `[${name}, ${name}_2] ${choices.one([':=', '='])} [${term()}, ${generateLeaf(choices, scope)}]`,
        name,
        `${name}_2`,
      );
    case 12:
      return plain(`${term()} in ${collection(choices, deeper)}`);
    case 13:
      return plain(`${term()} with ${choices.one(WITH_CLAUSES)}`);
    case 14:
      return binding(`${name} := ${term()} with ${choices.one(WITH_CLAUSES)}`, name);
    case 15:
      return binding(`{"k": ${name}} = ${generateDocumentRef(choices)}`, name);
    case 16:
      return binding(`walk(${choices.one(COLLECTIONS)}, [${name}, ${name}_2])`, name, `${name}_2`);
    case 17: {
      const more = inner(scope, [
        { name, sort: 'any' },
        { name: `${name}_key`, sort: 'any' },
      ]);
      return plain(
        `every ${name}_key, ${name} in ${collection(choices, deeper)} { ${generateTerm(choices, { ...more, depth: 1 })} != ${name}_key; ${name} != ${generateLeaf(choices, more)} }`,
      );
    }
    case 18:
      return binding(
        `[${name}, {"k": ${name}_2}] = [${term()}, ${generateDocumentRef(choices)}]`,
        name,
        `${name}_2`,
      );
    case 19:
      return binding(`count(${generateLeaf(choices, scope, 'array')}, ${name})`, name);
    case 20: {
      const called = scope.functions[choices.below(2)];
      if (called === undefined) return plain(term());
      const mock = choices.one(['3', 'upper', 'count', '{"a": 1}']);
      return plain(`${term()} with data.fuzz.${called.name} as ${mock}`);
    }
    case 21: {
      const called = scope.functions[choices.below(2)];
      if (called === undefined) return plain(term());
      return plain(
        `${term()} with ${choices.one(['count', 'upper', 'json.marshal', 'concat'])} as ${called.name}`,
      );
    }
    case 22: {
      const rule = scope.rules[choices.below(3)];
      if (rule === undefined) return plain(term());
      return choices.chance(50)
        ? binding(`${rule.name}[${name}]`, name)
        : plain(`${term()} with data.fuzz.${rule.name} as ${generateLeaf(choices, scope)}`);
    }
    case 23: {
      const rule = scope.rules[choices.below(3)];
      if (rule === undefined) return plain(term());
      return binding(`${rule.name}[${name}][${name}_2]`, name, `${name}_2`);
    }
    case 24:
      return binding(
        `some ${name}\n\t${choices.one(COLLECTIONS)}[${name}] = ${generateDocumentRef(choices)}`,
        name,
      );
    default:
      return generateNested(choices, scope);
  }
}

function collection(choices: Choices, scope: Scope): string {
  return choices.chance(30) ? generateLeaf(choices, scope, 'array') : choices.one(COLLECTIONS);
}

function negatable(choices: Choices, scope: Scope): string {
  switch (choices.below(4)) {
    case 0:
      return generateLeaf(choices, scope);
    case 2:
      return `${generateLeaf(choices, scope)} in ${choices.one(COLLECTIONS)}`;
    case 1:
      return `${generateLeaf(choices, scope)} ${choices.one(COMPARISONS)} ${generateDocumentRef(choices)}`;
    default:
      return generateTerm(choices, scope);
  }
}
