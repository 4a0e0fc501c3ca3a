/** `regex.*` with RE2's semantics and Go's rules for repeated matches, splitting and `$1` in replacements. OPA topdown/regex.go. */
import { bytesOf } from '../value/bytes.ts';
import { type BuiltinFault, builtinError, isFault, limitError } from '../value/fault.ts';
import { quoteText } from '../value/text.ts';
import type { BuiltinContext, BuiltinFunction } from './context.ts';
import { globsIntersect } from './glob-intersection.ts';
import { anyValue, builtin, int, text } from './operand.ts';
import { compilePattern, compileTranslated, type LinearPattern } from './pattern.ts';
import { MAX_TEXT_LENGTH } from './strings.ts';

/** One match: offsets and the groups, the whole first; a group that took no part is empty, as in Go. */
interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly string[];
}

/** Matches from left to right without overlap; an empty match right after another match does not count. */
function* findMatches(pattern: LinearPattern, subject: string): Generator<Match, void> {
  const matcher = pattern.matcher(subject);
  let previousEnd = -1;
  for (let position = 0; position <= subject.length && matcher.find(position); ) {
    const start = matcher.start();
    const end = matcher.end();
    const isEmpty = start === end;
    if (!(isEmpty && start === previousEnd)) {
      const groups: string[] = [];
      for (let index = 0; index <= matcher.groupCount(); index += 1) {
        groups.push(matcher.group(index) ?? '');
      }
      yield { start, end, groups };
    }
    previousEnd = end;
    const width = (subject.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    position = isEmpty ? end + width : end;
  }
}

/** Steps that each match costs, and each of its groups: about the values that are made of it. */
const STEPS_PER_MATCH = 3;

/** What is taken of at most `count` matches; all when it is negative. */
function takeMatches<Taken>(
  ctx: BuiltinContext,
  pattern: LinearPattern,
  subject: string,
  count: number,
  take: (match: Match) => Taken,
): Taken[] | BuiltinFault {
  const taken: Taken[] = [];
  for (const match of findMatches(pattern, subject)) {
    if (count >= 0 && taken.length >= count) break;
    const over = ctx.charge(STEPS_PER_MATCH + match.groups.length);
    if (over !== undefined) return over;
    taken.push(take(match));
  }
  return taken;
}

function splitBy(pattern: LinearPattern, subject: string): string[] {
  if (pattern.pattern() !== '' && subject === '') return [''];
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const match of findMatches(pattern, subject)) {
    end = match.start;
    if (match.end !== 0) parts.push(subject.slice(begin, end));
    begin = match.end;
  }
  if (end !== subject.length) parts.push(subject.slice(begin));
  return parts;
}

const TEMPLATE_PART = /\$(?:(\$)|\{([\p{L}\p{N}_]+)\}|([\p{L}\p{N}_]+))/gu;

/** `00` is a name. */
const GROUP_NUMBER = /^(?:0|[1-9]\d{0,8})$/;

/** Fills `$1`, `${name}` and `$$`; the longest name counts, and unknown groups are empty. */
function expand(template: string, pattern: LinearPattern, match: Match): string {
  return template.replace(TEMPLATE_PART, (_whole, dollar, braced, bare) => {
    if (dollar !== undefined) return '$';
    const name: string = braced ?? bare;
    if (GROUP_NUMBER.test(name)) return match.groups[Number(name)] ?? '';
    // Of groups with one name the first that took part counts, and one that took part without text is as good as none.
    return pattern.groupsNamed(name).reduce((text, at) => text || (match.groups[at] ?? ''), '');
  });
}

function replaceMatches(pattern: LinearPattern, subject: string, template: string) {
  let result = '';
  let lastEnd = 0;
  for (const match of findMatches(pattern, subject)) {
    result += subject.slice(lastEnd, match.start) + expand(template, pattern, match);
    lastEnd = match.end;
    if (result.length > MAX_TEXT_LENGTH) {
      return limitError(`text exceeds the limit of ${MAX_TEXT_LENGTH} characters`);
    }
  }
  return result + subject.slice(lastEnd);
}

/** `urn:{[a-z]+}:x` as an expression: the parts between the delimiters are expressions, the rest is literal. */
function templateExpression(
  ctx: BuiltinContext,
  template: string,
  open: string,
  close: string,
): string | BuiltinFault {
  const unbalanced = builtinError(`unbalanced braces in ${quoteText(template)}`);
  let level = 0;
  let begin = 0;
  let expression = '^';
  for (const [index, character] of [...template].entries()) {
    if (character === open) {
      level += 1;
      if (level === 1) {
        expression += quoteExpression([...template].slice(begin, index).join(''));
        begin = index + 1;
      }
    } else if (character === close) {
      level -= 1;
      if (level < 0) return unbalanced;
      if (level === 0) {
        const part = [...template].slice(begin, index).join('');
        const compiled = compilePattern(ctx.caches.regexes, `^${part}$`);
        if (isFault(compiled)) return compiled;
        expression += `(${part})`;
        begin = index + 1;
      }
    }
  }
  if (level !== 0) return unbalanced;
  return `${expression}${quoteExpression([...template].slice(begin).join(''))}$`;
}

/** The expression that matches a text literally. */
export function quoteExpression(literal: string): string {
  return literal.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Compiles, counts the work of matching, and runs. */
function withPattern(
  ctx: BuiltinContext,
  source: string,
  subject: string,
  run: (pattern: LinearPattern) => ReturnType<BuiltinFunction>,
): ReturnType<BuiltinFunction> {
  const pattern = compilePattern(ctx.caches.regexes, source);
  if (isFault(pattern)) return pattern;
  return ctx.charge(Math.ceil((subject.length * source.length) / 1024)) ?? run(pattern);
}

export const REGEXES = {
  'regex.is_valid': builtin([anyValue], (ctx, source) =>
    typeof source !== 'string' ? false : !isFault(compilePattern(ctx.caches.regexes, source)),
  ),
  'regex.match': builtin([text, text], (ctx, source, subject) =>
    withPattern(ctx, source, subject, (pattern) => pattern.test(subject)),
  ),
  'regex.find_n': builtin([text, text, int], (ctx, source, subject, count) =>
    withPattern(ctx, source, subject, (pattern) =>
      takeMatches(ctx, pattern, subject, count, ({ groups }) => groups[0] ?? ''),
    ),
  ),
  'regex.find_all_string_submatch_n': builtin([text, text, int], (ctx, source, subject, count) =>
    withPattern(ctx, source, subject, (pattern) =>
      takeMatches(ctx, pattern, subject, count, ({ groups }) => groups),
    ),
  ),
  'regex.split': builtin([text, text], (ctx, source, subject) =>
    withPattern(ctx, source, subject, (pattern) => splitBy(pattern, subject)),
  ),
  'regex.replace': builtin([text, text, text], (ctx, subject, source, template) =>
    withPattern(ctx, source, subject, (pattern) => replaceMatches(pattern, subject, template)),
  ),
  'regex.template_match': builtin(
    [text, text, text, text],
    (ctx, template, subject, open, close) => {
      for (const [side, delimiter] of [
        ['start', open],
        ['end', close],
      ] as const) {
        const { length } = bytesOf(delimiter);
        if (length !== 1) {
          return builtinError(
            `${side} delimiter has to be exactly one character long but is ${length} long`,
          );
        }
      }
      const key = `template:${open}${close}${template}`;
      const pattern = compileTranslated(ctx.caches.regexes, key, () =>
        templateExpression(ctx, template, open, close),
      );
      return isFault(pattern) ? pattern : pattern.test(subject);
    },
  ),
  'regex.globs_match': builtin([text, text], (ctx, a, b) => {
    const over = ctx.charge(a.length * b.length);
    return over ?? globsIntersect(a, b);
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
