/**
 * The words of syntax errors: what a token is called, and what each rule of the grammar expects. Kept apart from the grammar
 * so that nobody reads chevrotain's own phrases. Messages name what is expected and what was found; rare alternatives are
 * left out on purpose.
 */
import type { IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';
import {
  Comment,
  Identifier,
  isKeyword,
  NumberText,
  RawStringText,
  RawTemplateStart,
  StringText,
  TemplateBreak,
  TemplateEnd,
  TemplateStart,
} from './tokens.ts';

const KIND_WORDS: ReadonlyMap<TokenType, string> = new Map([
  [Identifier, 'name'],
  [NumberText, 'number'],
  [StringText, 'string'],
  [RawStringText, 'raw string'],
  [TemplateStart, 'template string'],
  [RawTemplateStart, 'template string'],
  [TemplateEnd, 'end of the template string'],
  [Comment, 'comment'],
]);
/** Units of user text a message repeats. */
const SHOWN = 30;

/** What each rule of the grammar wants where it meets a token it cannot begin with. */
const WANTED: Readonly<Record<string, string>> = {
  term: 'expected a value',
  literal: 'expected an expression',
  operand: 'expected an expression',
  negation: 'expected an expression',
  ruleBody: 'expected a rule body',
  tail: 'expected a rule body',
  name: 'expected a name',
  args: 'expected `,` or `)`',
  array: 'expected `,` or `]`',
  braces: 'expected `,` or `}`',
  segment: 'expected a name after the dot',
  statement: 'expected a rule',
};

/** A token as a person calls it: `the end of the file`, `the keyword \`if\``, `the name \`x\``. */
export function describeToken(token: IToken): string {
  if (token.image === '') return 'the end of the file';
  if (token.tokenType === TemplateBreak) return 'the end of the line';
  const shown = token.image.length > SHOWN ? `${token.image.slice(0, SHOWN)}...` : token.image;
  const text = `\`${(shown.split('\n')[0] ?? '').replaceAll('`', "'")}\``;
  if (isKeyword(token.tokenType)) return `the keyword ${text}`;
  const kind = KIND_WORDS.get(token.tokenType);
  return kind === undefined ? text : `the ${kind} ${text}`;
}

const ALL_MUST_HOLD =
  'conditions stand on lines of their own, or with `;` between them; all must hold';
const ONE_MUST_HOLD = 'write a second rule of the same name: one of them must hold';

/** What to write instead of operators that other languages have; undefined where the two tokens are none of them. */
export function adviceFor(previous: IToken, found: IToken): string | undefined {
  switch (previous.image + found.image) {
    case '===':
    case '!==':
      return 'values are compared with `==` and `!=`';
    case '&&':
      return ALL_MUST_HOLD;
    case '||':
      return ONE_MUST_HOLD;
    case 'notsome':
    case 'notevery':
      return 'write it as a rule of its own, and put `not` before the name of that';
    default:
      return undefined;
  }
}

/** What to write where an expression goes on with this; undefined where nothing is known of it. */
export function adviceAfterExpression({ image }: IToken): string | undefined {
  if (image === 'and') return `${ALL_MUST_HOLD}; \`and\` needs \`import future.keywords.and\``;
  if (image === 'or') return `${ONE_MUST_HOLD}; \`or\` needs \`import future.keywords.or\``;
  return undefined;
}

/** What to write where a rule was expected and this stands; undefined where nothing is known of it. */
export function adviceForRule(
  found: IToken,
  next: IToken,
  beginsLine: boolean,
): string | undefined {
  const { image } = found;
  if (image === '/' || (image === '-' && next.image === '-')) return 'a comment begins with `#`';
  if (image === ';') return 'a rule ends with its line; `;` separates the conditions of one body';
  if (image === 'if' && !beginsLine)
    return 'a `default` has no condition: write `if` in a rule of the same name';
  return isKeyword(found.tokenType) ? 'a keyword cannot name a rule' : undefined;
}

/** What to write in place of a character that other languages have; undefined where nothing is known of it. */
export function adviceForCharacter(character: string): string | undefined {
  if (character === "'") return 'a string stands between double quotes, or between back-ticks';
  if (character === '!') return 'a condition is negated with `not`';
  return undefined;
}

function describeType(type: TokenType): string {
  const kind = KIND_WORDS.get(type);
  if (kind !== undefined) return `a ${kind}`;
  if (isKeyword(type)) return `the keyword \`${type.name}\``;
  return typeof type.PATTERN === 'string' ? `\`${type.PATTERN}\`` : 'something else';
}

/** Chevrotain's door for our wording. */
export const WORDING: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${describeType(expected)}, found ${describeToken(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `unexpected ${describeToken(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual, ruleName }) => {
    const found = actual[0];
    const wanted = WANTED[ruleName] ?? 'unexpected text';
    return found === undefined ? wanted : `${wanted}, found ${describeToken(found)}`;
  },
  buildEarlyExitMessage: ({ actual }) => {
    const found = actual[0];
    return found === undefined ? 'unexpected text' : `unexpected ${describeToken(found)}`;
  },
};
