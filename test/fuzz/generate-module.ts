/** Generates whole cases: a module and an input, over one base document. */
import { Choices } from './choices.ts';
import { generateBody } from './generate-body.ts';
import { generateLeaf, generateTerm } from './generate-term.ts';
import type { GeneratedFunction, GeneratedRule, Scope } from './scope.ts';
import { IMPORTS } from './vocabulary.ts';

/** The first module has `package fuzz`; `input` is JSON text: numbers keep their spelling. */
export interface FuzzCase {
  readonly modules: readonly string[];
  readonly input: string;
}

/** Levels of nesting in a term. */
const DEPTH = 3;
/** In a hundred, how many complete rules have no body. */
const CONSTANT_PERCENT = 15;
const RULE_NAMES = ['p', 'q', 'r', 's', 't'] as const;
const FUNCTION_NAMES = ['f', 'g'] as const;

/** The base document `data.base` of every case. */
export const BASE_DOCUMENT = `{"m": {"one": 1, "two": [2, 2.0], "three": null}, "xs": ["b", "a", "é"], "nums": [3, 1, 2, 1.5, 1e2]}`;
const INPUTS = [
  `{"a": 1, "s": "text", "xs": [1, "b", null, 2.50], "o": {"k": 1, "k 2": {"z": []}}, "n": 12345678901234567890, "flag": true, "deep": {"er": [0, {"x": "y"}]}}`,
  `{"a": "b", "xs": [], "o": {}, "flag": false}`,
  `{"a": null, "s": "", "xs": ["a", "é", "\\ud83d\\ude00"], "o": {"k": "v"}, "n": 0.1}`,
  `{}`,
] as const;

/** The second module of some cases. */
const LIBRARY = `package lib

limit := 10 if input.a

names contains name if some name in input.xs

table.a := 1

table["b c"] := {"z": input.n}

twice(x) := x * 2

pick(x) := x.k

pick(x) := x if is_string(x)
`;

/** Builds the case that this tape spells. */
export function generateCase(tape: readonly number[]): FuzzCase {
  const choices = new Choices(tape);
  const functions: GeneratedFunction[] = FUNCTION_NAMES.slice(0, choices.one([0, 0, 1, 2])).map(
    (name) => ({
      name,
      arity: 1 + choices.below(2),
    }),
  );
  const library = choices.chance(20);
  const imported = choices.chance(15) ? [choices.one(IMPORTS)] : [];
  const imports = imported.map(([, name]) => name);
  const rules: GeneratedRule[] = RULE_NAMES.slice(0, 1 + choices.below(3)).map((name) => ({
    name,
    kind: choices.one(['complete', 'set', 'object', 'nested', 'deep', 'long'] as const),
  }));
  const texts = rules.flatMap((rule, at) => {
    // A rule sees the rules after it, so that recursion is the exception.
    const seen = choices.chance(3) ? rules : rules.slice(at + 1);
    const scope: Scope = {
      bound: [],
      rules: seen,
      functions,
      library,
      imports,
      body: generateBody,
      depth: DEPTH,
    };
    return choices.several(1, choices.chance(40) ? 2 : 1, () => generateRule(choices, rule, scope));
  });
  const functionTexts = functions.flatMap((made) =>
    choices.several(1, 2, () => generateFunction(choices, made, functions)),
  );
  const defaults = rules
    .filter((rule) => rule.kind === 'complete' && choices.chance(20))
    .map((rule) => `default ${rule.name} := ${choices.one(['false', '0', '[]', '"none"'])}`);
  const defaultFunctions = functions
    .filter(() => choices.chance(15))
    .map(({ name, arity }) => `default ${name}(${Array(arity).fill('_').join(', ')}) := "dflt"`);
  const header = [
    ...(choices.chance(60) ? ['import future.keywords.not'] : []),
    ...(choices.chance(85) ? ['import future.keywords.and', 'import future.keywords.or'] : []),
    ...imported.map(([text]) => text),
    ...(library ? [choices.one(['import data.lib', 'import data.lib as lib'])] : []),
  ];
  const module = [
    'package fuzz',
    ...header,
    ...defaults,
    ...defaultFunctions,
    ...texts,
    ...functionTexts,
  ].join('\n\n');
  const modules = library ? [`${module}\n`, LIBRARY] : [`${module}\n`];
  return { modules, input: choices.one(INPUTS) };
}

function generateRule(choices: Choices, rule: GeneratedRule, scope: Scope): string {
  const body = generateBody(choices, scope, 3);
  const inBody: Scope = { ...scope, bound: body.bound };
  if (rule.kind === 'complete' && choices.chance(CONSTANT_PERCENT))
    return `${rule.name} := ${generateTerm(choices, { ...scope, depth: 2 })}`;
  const term = (): string => generateTerm(choices, { ...inBody, depth: 2 });
  const key = (): string => generateLeaf(choices, inBody);
  const tail = ` if {\n\t${body.text}\n}`;
  switch (rule.kind) {
    case 'complete': {
      const value = choices.chance(40) ? '' : ` := ${term()}`;
      const otherwise = choices.chance(20)
        ? ` else := ${generateTerm(choices, { ...scope, depth: 2 })}${
            choices.chance(50) ? ` if {\n\t${generateBody(choices, scope, 2).text}\n}` : ''
          }`
        : '';
      const third = otherwise !== '' && choices.chance(30) ? ' else := "last"' : '';
      return `${rule.name}${value}${tail}${otherwise}${/ if \{\n[\s\S]*\n\}$/.test(otherwise) ? third : ''}`;
    }
    case 'set':
      return `${rule.name} contains ${term()}${tail}`;
    case 'object':
      return `${rule.name}[${key()}] := ${term()}${tail}`;
    case 'long':
      return choices.one([
        `${rule.name}[${key()}].c := ${term()}${tail}`,
        `${rule.name}[${key()}].c[${key()}] := ${term()}${tail}`,
        `${rule.name}[${key()}].c contains ${term()}${tail}`,
        `${rule.name}[${key()}]["d e"][true] := ${term()}${tail}`,
        `${rule.name}.a.c := ${term()}${tail}`,
      ]);
    case 'deep':
      return choices.chance(30)
        ? `${rule.name}[${key()}] contains ${term()}${tail}`
        : `${rule.name}[${key()}][${key()}] := ${term()}${tail}`;
    default:
      return choices.chance(30)
        ? `${rule.name}.b contains ${term()}${tail}`
        : `${rule.name}.a[${key()}] := ${term()}${tail}`;
  }
}

function generateFunction(
  choices: Choices,
  made: GeneratedFunction,
  all: readonly GeneratedFunction[],
): string {
  const params = Array.from({ length: made.arity }, (_, at) =>
    choices.one([
      `arg${at}`,
      `arg${at}`,
      `arg${at}`,
      '_',
      '1',
      '"a"',
      `[arg${at}, _]`,
      `{"k": arg${at}}`,
      'null',
      `[[arg${at}], 1]`,
      `{"k": arg${at}, "l": _}`,
      'arg0',
      '{1, "a"}',
    ]),
  );
  const bound = params.flatMap((param) => {
    const name = /arg\d/.exec(param)?.[0];
    return name === undefined ? [] : [{ name, sort: 'any' as const }];
  });
  // A function sees those after it, so that recursion is the exception.
  const functions = all.slice(all.indexOf(made) + 1);
  const scope: Scope = {
    bound,
    rules: [],
    functions,
    library: false,
    imports: [],
    body: generateBody,
    depth: 2,
  };
  const head = `${made.name}(${params.join(', ')})`;
  if (choices.chance(40)) return `${head} := ${generateTerm(choices, scope)}`;
  const body = generateBody(choices, scope, 2);
  const otherwise = choices.chance(20) ? ` else := ${generateTerm(choices, scope)}` : '';
  return `${head} := ${generateTerm(choices, { ...scope, bound: body.bound })} if {\n\t${body.text}\n}${otherwise}`;
}
