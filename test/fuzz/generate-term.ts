/** Generates the text of terms: scalars, composites, references, calls, comprehensions, of a wanted sort where that matters. */
import { CALLS } from './builtin-calls.ts';
import type { Choices } from './choices.ts';
import { freshName, inner, type Scope, type Sort } from './scope.ts';
import {
  ARITHMETIC,
  COMPARISONS,
  DATA_REFS,
  INPUT_REFS,
  LIBRARY_REFS,
  NUMBERS,
  SET_OPERATORS,
  STRINGS,
} from './vocabulary.ts';

/** In a hundred, how often a term of another sort than the wanted one is made: the type checkers must agree as well. */
const WRONG_SORT_PERCENT = 1;
/** One name in so many is one that nothing binds. */
const UNBOUND_ONE_IN = 400;

/** In a hundred, how many comprehensions have a body of any literals. */
const BODY_PERCENT = 30;

/** Both sides of a comparison have one of these: OPA refuses to compare what can never be equal. */
export const COMPARED_SORTS = ['number', 'string', 'array', 'object', 'set'] as const;

/** Text of a term that mentions only what `scope` binds, but for the rare unbound name. */
export function generateTerm(choices: Choices, scope: Scope, wanted: Sort = 'any'): string {
  const sort = choices.chance(WRONG_SORT_PERCENT) ? 'any' : wanted;
  if (scope.depth <= 0) return generateLeaf(choices, scope, sort);
  switch (choices.below(6)) {
    case 0:
    case 1:
      return generateLeaf(choices, scope, sort);
    case 2:
      return generateCall(choices, scope, sort);
    case 3:
      return generateComposite(choices, scope, sort);
    case 4:
      return generateOperation(choices, scope, sort);
    default:
      return generateComprehension(choices, scope, sort);
  }
}

/** A reference into the input or the base data: its sort is not known before it is evaluated. */
export function generateDocumentRef(choices: Choices): string {
  return choices.one([...INPUT_REFS, ...DATA_REFS]);
}

/** A scalar, a variable, or a reference without calls. */
export function generateLeaf(choices: Choices, scope: Scope, sort: Sort = 'any'): string {
  if (choices.below(UNBOUND_ONE_IN) === UNBOUND_ONE_IN - 1) return 'unbound';
  const fitting = scope.bound.filter((bound) => bound.sort === 'any' || bound.sort === sort);
  if (sort === 'any' && choices.chance(40)) return generateScalar(choices);
  if (sort === 'any' && scope.imports.length > 0 && choices.chance(15))
    return `${choices.one(scope.imports)}${choices.one(['', '', '.k', '[0]', '[_]'])}`;
  if (fitting.length > 0 && choices.chance(50)) return choices.one(fitting).name;
  switch (choices.below(4)) {
    case 0:
      return generateLiteralOf(choices, sort);
    case 1:
      return choices.one(INPUT_REFS);
    case 2:
      return choices.one(DATA_REFS);
    default:
      return sort === 'any' ? generateRuleRef(choices, scope) : generateLiteralOf(choices, sort);
  }
}

function generateScalar(choices: Choices): string {
  return choices.one([...NUMBERS, ...STRINGS, 'true', 'false', 'null']);
}

function generateLiteralOf(choices: Choices, sort: Sort): string {
  switch (sort) {
    case 'any':
      return generateScalar(choices);
    case 'number':
      return choices.one(NUMBERS);
    case 'string':
      return choices.one(STRINGS);
    case 'boolean':
      return choices.one(['true', 'false']);
    case 'array':
      return choices.one(['[]', '[1, 2.5, 1]', '["b", "a"]', '[[1], {"k": 2}, null]']);
    case 'set':
      return choices.one(['set()', '{1, 2}', '{"b", "a"}', '{1, "x", [2], {"k": {3}}}']);
    case 'object':
      return choices.one(['{}', '{"a": 1}', '{1: "one", "b": [2]}', '{[1]: {2}, null: 3}']);
  }
}

function generateComposite(choices: Choices, scope: Scope, sort: Sort): string {
  const made = sort === 'any' ? choices.one(['array', 'object', 'set', 'string'] as const) : sort;
  const item = (): string => generateTerm(choices, inner(scope));
  switch (made) {
    case 'array':
      return `[${choices.several(0, 3, item).join(', ')}]`;
    case 'set': {
      const items = choices.several(0, 3, item);
      return items.length === 0 ? 'set()' : `{${items.join(', ')}}`;
    }
    case 'object': {
      const entries = choices.several(0, 3, () => `${generateLeaf(choices, scope)}: ${item()}`);
      return `{${entries.join(', ')}}`;
    }
    case 'string':
      return choices.chance(20)
        ? `$\`r {${generateLeaf(choices, scope)}}\``
        : `$"t {${generateLeaf(choices, scope)}} \\{ {${item()}}"`;
    default:
      return generateLeaf(choices, scope, made);
  }
}

function generateOperation(choices: Choices, scope: Scope, sort: Sort): string {
  const infix = (operators: readonly string[], operand: Sort): string =>
    `(${generateTerm(choices, inner(scope), operand)} ${choices.one(operators)} ${generateTerm(choices, inner(scope), operand)})`;
  switch (sort) {
    case 'number':
      return infix(ARITHMETIC, 'number');
    case 'set':
      return infix(SET_OPERATORS, 'set');
    case 'boolean':
      return infix(COMPARISONS, choices.one(COMPARED_SORTS));
    case 'any':
      return choices.chance(50)
        ? infix(ARITHMETIC, 'number')
        : choices.chance(50)
          ? infix(SET_OPERATORS, 'set')
          : infix(COMPARISONS, choices.one(COMPARED_SORTS));
    default:
      return generateCall(choices, scope, sort);
  }
}

function generateCall(choices: Choices, scope: Scope, sort: Sort): string {
  if (scope.library && choices.chance(10))
    return `lib.${choices.one(['twice', 'pick'])}(${generateTerm(choices, inner(scope))})`;
  if (scope.functions.length > 0 && choices.chance(30)) {
    const called = choices.one(scope.functions);
    const args = Array.from({ length: called.arity }, () => generateTerm(choices, inner(scope)));
    return `${called.name}(${args.join(', ')})`;
  }
  if ((sort === 'any' || sort === 'string') && choices.chance(10))
    return `sprintf("%v|%s|%d", [${generateTerm(choices, inner(scope))}, ${generateTerm(choices, inner(scope))}, ${generateTerm(choices, inner(scope), 'number')}])`;
  const fitting = CALLS.filter(({ gives }) => sort === 'any' || gives === sort || gives === 'any');
  const shape = choices.one(fitting);
  const args = shape.args.map((arg) =>
    typeof arg === 'string' ? generateTerm(choices, inner(scope), arg) : choices.one(arg),
  );
  return `${shape.name}(${args.join(', ')})`;
}

function generateComprehension(choices: Choices, scope: Scope, sort: Sort): string {
  const name = freshName(scope);
  const source = choices.one([
    'input.xs[_]',
    'data.base.nums[_]',
    'input.o[_]',
    '[3, 1, 2][_]',
    '{"p": 1, "q": 2}[_]',
  ]);
  const within = inner(scope, [{ name, sort: 'any' }]);
  const head = choices.chance(50)
    ? `some ${name} in ${generateLeaf(choices, scope, 'array')}`
    : `${name} := ${source}`;
  const more = choices.chance(30)
    ? `; ${name} ${choices.one(COMPARISONS)} ${generateLeaf(choices, within)}`
    : '';
  if (choices.chance(BODY_PERCENT)) return generateFullComprehension(choices, scope, sort);
  const item = generateTerm(choices, within);
  const kind = sort === 'any' ? choices.one(['array', 'set', 'object'] as const) : sort;
  const isUsed = `${more}${item}`.includes(name) || choices.chance(10);
  const body = `${head}${more}${isUsed ? '' : `; ${name} == ${name}`}`;
  switch (kind) {
    case 'array':
      return `[${item} | ${body}]`;
    case 'set':
      return `{${item} | ${body}}`;
    case 'object':
      return `{${generateLeaf(choices, within)}: ${item} | ${body}}`;
    default:
      return generateLeaf(choices, scope, kind);
  }
}

/** A comprehension over a whole body. */
function generateFullComprehension(choices: Choices, scope: Scope, sort: Sort): string {
  const { text, bound } = scope.body(choices, inner(scope), 2);
  const within: Scope = { ...inner(scope), bound };
  const item = generateTerm(choices, within);
  const body = text.replaceAll('\n\t', '; ');
  switch (sort === 'any' ? choices.one(['array', 'set', 'object'] as const) : sort) {
    case 'array':
      return `[${item} | ${body}]`;
    case 'set':
      return `{${item} | ${body}}`;
    case 'object':
      return `{${generateLeaf(choices, within)}: ${item} | ${body}}`;
    default:
      return generateLeaf(choices, scope, sort);
  }
}

function generateRuleRef(choices: Choices, scope: Scope): string {
  if (scope.rules.length === 0 || choices.chance(10))
    return choices.one(scope.library ? [...LIBRARY_REFS, ...INPUT_REFS] : INPUT_REFS);
  const rule = choices.one(scope.rules);
  if (rule.kind === 'complete' || choices.chance(40)) return rule.name;
  if (rule.kind === 'deep')
    return `${rule.name}[${generateLeaf(choices, scope)}][${generateLeaf(choices, scope)}]`;
  if (rule.kind === 'long')
    return `${rule.name}[${generateLeaf(choices, scope)}]${choices.one(['', '.c', '.c[_]', '["d e"]'])}`;
  if (rule.kind === 'nested') return `${rule.name}.a[${generateLeaf(choices, scope)}]`;
  return `${rule.name}[${generateLeaf(choices, scope)}]`;
}
