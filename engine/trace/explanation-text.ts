/** An explanation for a person: first what made the decision, then, document by document, why every other rule did not apply. */
import type {
  DocumentExplanation,
  DocumentName,
  Explanation,
  PackageExplanation,
} from './explain-decision.ts';
import type { DefinitionOutcome } from './outcome.ts';
import { conditionLines, failureLines } from './outcome-text.ts';
import { wayToPass } from './way-to-pass.ts';

/** What a definition of each document does when it holds, and when it does not. */
const WORDS: Readonly<Record<DocumentName, readonly [string, string]>> = {
  allow: ['ALLOWS', 'does not allow'],
  block: ['BLOCKS', 'does not block'],
  require_approval: ['ASKS FOR APPROVAL', 'asks for no approval'],
  mask: ['MASKS', 'masks nothing'],
};

/** What would let it pass, then the packages with their rules; the decision itself is printed by the caller. */
export function explanationText(explanation: Explanation): string {
  const way = wayToPass(explanation);
  const lines = [
    ...way,
    ...(way.length === 0 ? [] : ['']),
    ...explanation.packages.flatMap(packageLines),
  ];
  return lines.join('\n').trimEnd();
}

function packageLines({ name, title, documents }: PackageExplanation): readonly string[] {
  const lines = [title === undefined ? name : `${name}: ${title}`];
  const defined = documents.filter(({ isDefined }) => isDefined);
  if (defined.length === 0) lines.push('  has no rules');
  for (const document of defined) lines.push(...documentLines(document));
  return [...lines, ''];
}

/** Those that hold come first. */
function documentLines({ name, definitions, omitted }: DocumentExplanation): readonly string[] {
  const held = definitions.filter(({ outcome }) => outcome !== 'fails');
  const failed = definitions.filter(({ outcome }) => outcome === 'fails');
  const lines = [...held, ...failed].flatMap((definition) => definitionLines(name, definition));
  return omitted === 0 ? lines : [...lines, `  and ${omitted} more rules of ${name}`];
}

function definitionLines(name: DocumentName, definition: DefinitionOutcome): readonly string[] {
  const [does, doesNot] = WORDS[name];
  const at = `${definition.file}:${definition.line}`;
  const title = definition.title === undefined ? '' : `  ${definition.title}`;
  switch (definition.outcome) {
    case 'holds':
      return [
        `  ${does}  ${name}, ${at}${title}`,
        ...(name === 'allow' ? [] : definition.values.map((value) => `    ${value}`)),
        ...becauseLines(definition),
      ];
    case 'fails':
      return [`  ${doesNot}  ${name}, ${at}${title}`, ...failureLines(definition, '    ')];
    case 'error':
      return [`  FAILS  ${name}, ${at}${title}`, `    ${definition.message}`];
  }
}

function becauseLines(definition: DefinitionOutcome): readonly string[] {
  const lines = conditionLines(definition, '      ');
  return lines.length === 0 ? [] : ['    because all of this holds:', ...lines];
}
