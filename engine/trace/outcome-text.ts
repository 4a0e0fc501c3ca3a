/** Outcomes as lines of text for a terminal: an expression with what it found, then the rules it asked, indented. */
import type { DefinitionOutcome, ExpressionOutcome, Reading, RuleOutcome } from './outcome.ts';

/** Width from which on a value goes to a line of its own. */
const WIDE = 60;

/** Why a definition fails: each expression it stopped at. */
export function failureLines(definition: DefinitionOutcome, indent: string): readonly string[] {
  const lines = definition.failures.flatMap((failure) => expressionLines(failure, indent));
  return definition.message === undefined ? lines : [...lines, `${indent}${definition.message}`];
}

/** An expression that failed: where, its text, what it found with each set of values, what it would need. */
export function expressionLines(failure: ExpressionOutcome, indent: string): readonly string[] {
  const lines = [`${indent}${failure.file}:${failure.line}: ${failure.text}`];
  for (const reading of failure.readings) lines.push(...readingLines(reading, `${indent}  `));
  const more = failure.tries - failure.readings.length;
  if (more > 0) lines.push(`${indent}  and ${more} more ${more === 1 ? 'time' : 'times'}`);
  return lines;
}

function readingLines(reading: Reading, indent: string): readonly string[] {
  const lines = [`${indent}${reading.says}`];
  if (reading.needs !== undefined) lines.push(`${indent}to hold: ${reading.needs}`);
  for (const rule of reading.rules) lines.push(...ruleLines(rule, indent));
  return lines;
}

/** Got and want of a comparison, and the values of its parts. */
export function comparisonLines(reading: Reading, indent: string): readonly string[] {
  const { comparison, values, says } = reading;
  const lines: string[] = [];
  if (comparison !== undefined) {
    const { operator, got, want, differences = [] } = comparison;
    if (operator !== '==' || got.value === undefined || want.value === undefined) {
      lines.push(`${indent}${says}`);
    }
    lines.push(`${indent}got   ${got.value ?? 'undefined'}`);
    const sign = operator === '==' ? '' : `${operator} `;
    lines.push(`${indent}want  ${sign}${want.value ?? 'undefined'}`);
    for (const difference of differences) lines.push(`${indent}differs ${difference}`);
  } else lines.push(`${indent}${says}`);
  const shown = new Set([comparison?.got.text, comparison?.want.text]);
  const others = values.filter(
    ({ text, value }) => !shown.has(text) && text !== value && !says.includes(`\`${text}\``),
  );
  for (const [index, { text, value = 'undefined' }] of others.entries()) {
    const gap = text.length + value.length > WIDE ? `\n${indent}        ` : ' ';
    lines.push(`${indent}${index === 0 ? 'where' : '     '} ${text} =${gap}${value}`);
  }
  return lines.flatMap((line) => line.split('\n'));
}

/** The definitions of a rule that was asked. */
export function ruleLines(rule: RuleOutcome, indent: string): readonly string[] {
  const lines = rule.definitions.flatMap((definition) => {
    const at = `${indent}${definition.rule} (${definition.file}:${definition.line})`;
    if (definition.outcome === 'holds')
      return [`${at} holds`, ...conditionLines(definition, `${indent}  `)];
    return [`${at} does not hold`, ...failureLines(definition, `${indent}  `)];
  });
  return rule.omitted === 0 ? lines : [...lines, `${indent}and ${rule.omitted} more definitions`];
}

/** What the expressions of a definition that holds found. */
export function conditionLines(definition: DefinitionOutcome, indent: string): readonly string[] {
  return definition.conditions.flatMap(({ text, readings }) => {
    const said = readings.map(({ says }) => says).filter((says) => says !== '');
    const lines = [`${indent}${text}`, ...said.map((says) => `${indent}  ${says}`)];
    return [
      ...lines,
      ...readings.flatMap(({ rules }) => rules.flatMap((rule) => ruleLines(rule, `${indent}  `))),
    ];
  });
}
