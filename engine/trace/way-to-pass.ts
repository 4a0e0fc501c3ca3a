/**
 * The short answer for who was refused: of each rule that blocks or asks for approval the conditions, one of which would have to be
 * different; of each package that does not allow what its rules lack. It is put together from an explanation and finds out nothing more.
 */
import type { Decision } from '../contract/decision.ts';
import type { Explanation, PackageExplanation } from './explain-decision.ts';
import type { DefinitionOutcome, ExpressionOutcome } from './outcome.ts';

/** The documents a rule of which can stand in the way. */
type Hurdle = 'block' | 'require_approval';

/** Rules that are told of one document. */
const MAX_RULES = 6;
/** Characters of an expression that are shown. */
const MAX_TEXT = 100;

/** The lines; none for an action that passes, or where only a fault of the policies is in the way. */
export function wayToPass({ decision, packages }: Explanation): readonly string[] {
  if (decision.effect === 'allow') return [];
  const found = packages.flatMap((one) => [
    ...hurdleLines(decision, one, decision.effect === 'block' ? 'block' : 'require_approval'),
    ...permissionLines(one),
  ]);
  if (found.length === 0) return [];
  const passing = decision.effect === 'block' ? 'To pass' : 'To pass without approval';
  return [`${passing}, each of these would have to be otherwise:`, ...found];
}

/** Rules that hold and stand in the way. */
function hurdleLines(
  { reasons }: Decision,
  { documents }: PackageExplanation,
  name: Hurdle,
): readonly string[] {
  const definitions = documents.find((document) => document.name === name)?.definitions ?? [];
  const held = definitions.filter(({ outcome }) => outcome === 'holds');
  const does = name === 'block' ? 'blocks' : 'asks for approval';
  return bounded(held, (definition) => {
    const codes = reasons
      .filter(({ rule }) => rule?.file === definition.file && rule.line === definition.line)
      .map(({ code }) => code);
    const called = [...new Set(codes)].join(', ') || definition.title || name;
    const at = `  ${called} (${definition.package}.${definition.rule}, ${definition.file}:${definition.line}) ${does}`;
    const telling = tellingConditions(definition);
    if (telling.length === 0) return [`${at}, whatever the action is`];
    const heading = telling.length === 1 ? 'while this holds:' : 'while all of this holds:';
    return [`${at} ${heading}`, ...telling.flatMap(conditionLines)];
  });
}

/** The conditions a person can do something about: not those that only name what is looked at. */
function tellingConditions({ conditions }: DefinitionOutcome): readonly ExpressionOutcome[] {
  const telling = conditions.filter(({ text }) => !/^some\s.*\sin\s|:=/.test(text));
  return telling.length === 0 ? conditions : telling;
}

function conditionLines({ text, readings }: ExpressionOutcome): readonly string[] {
  const [reading] = readings;
  const lines = [`    ${cut(text)}`];
  if (reading === undefined) return lines;
  if (reading.says !== '') lines.push(`      ${reading.says}`);
  // What is negated would hold if one of its rules did.
  if (!/^not\s/.test(text)) return lines;
  const failing = reading.rules.flatMap(({ definitions }) =>
    definitions.filter(({ outcome }) => outcome === 'fails'),
  );
  return [...lines, ...bounded(failing, (one) => [`      instead: ${lackOf(one)}`])];
}

/** What the rules lack that would allow it. */
function permissionLines({ name, documents }: PackageExplanation): readonly string[] {
  const allow = documents.find((document) => document.name === 'allow');
  if (allow?.isDefined !== true || allow.definitions.some(({ outcome }) => outcome === 'holds'))
    return [];
  const lacking = bounded(
    allow.definitions.filter(({ outcome }) => outcome === 'fails'),
    (definition) => [`    ${lackOf(definition)}`],
  );
  if (lacking.length === 0) return [`  ${name} has no rule that could allow it`];
  const rules = lacking.length === 1 ? 'its rule would have to' : 'one of its rules would have to';
  return [`  ${name} does not allow it; ${rules}, and at least:`, ...lacking];
}

function bounded<T>(items: readonly T[], linesOf: (item: T) => readonly string[]): string[] {
  const lines = items.slice(0, MAX_RULES).flatMap(linesOf);
  if (items.length > MAX_RULES) lines.push(`    and ${items.length - MAX_RULES} more, told below`);
  return lines;
}

/** What a definition that does not hold would need first. */
function lackOf({ failures, title, file, line }: DefinitionOutcome): string {
  const [failure] = failures;
  const needs = failure?.readings[0]?.needs;
  const lack = needs ?? `\`${cut(failure?.text ?? '')}\` would have to hold`;
  return `${title === undefined ? '' : `${title}: `}${lack}  (${file}:${line})`;
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
