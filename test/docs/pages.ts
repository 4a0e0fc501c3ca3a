/** The pages of docs/ that are written from the code: whole pages, and parts of pages between two marks. */
import { classOf, ROUTE_OPERATIONS } from '../../control/api/operations.ts';
import { createBuiltinTable } from '../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../engine/checker-signatures.ts';
import { refusal, refusedNames } from '../../lang/check/refused.ts';
import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../lang/codes.ts';
import { LINT_RULES } from '../../lang/lint/rule-list.ts';
import { reportedOn } from '../support/lint-pages.ts';
import { builtinsPage } from './builtins-page.ts';
import { exampleOf } from './diagnostic-examples.ts';

/** What a family of codes has in common. */
const FAMILIES: Readonly<Record<string, string>> = {
  parse: 'The text cannot be read.',
  check:
    'The text can be read, but its names, variables or rules do not fit together, or its data does not.',
  type: 'Values are used as what they can never be.',
  refused:
    'OPA knows the construct, or knew it once; it is refused here, and the message says why.',
  lint: 'Advice: the policy means what it says, but not what it should.',
};

export interface Page {
  /** Below docs/. */
  readonly file: string;
  /** The text of the page, given what is there now. */
  readonly write: (present: string) => string;
}

export const PAGES: readonly Page[] = [
  { file: 'api.md', write: (present) => replacePart(present, 'operations', operationsTable()) },
  { file: 'builtins.md', write: () => builtinsPage() },
  { file: 'diagnostics.md', write: () => diagnosticsPage() },
  {
    file: 'rego-support.md',
    write: (present) => replacePart(present, 'refused builtins', refusedTable()),
  },
  ...LINT_RULES.map((rule) => ({
    file: `lint/${rule.id}.md`,
    write: (present: string) =>
      replacePart(present, 'finding', `\`\`\`text\n${reportedOn(rule, present)}\n\`\`\``),
  })),
];

function diagnosticsPage(): string {
  const families = Map.groupBy(Object.entries(DIAGNOSTIC_CODES), ([code]) => code.split('/')[0]);
  const sections = [...families].map(([family = '', codes]) => {
    const entries = codes.map(([code, sentence]) => {
      const printed = exampleOf(code as DiagnosticCode);
      const example = printed === undefined ? '' : `\n\`\`\`text\n${printed}\n\`\`\`\n`;
      return `### ${code}\n\n${sentence}\n${example}`;
    });
    const about = FAMILIES[family] ?? '';
    return `## ${family}\n\n${about}\n\n${entries.join('\n')}`;
  });
  return `<!-- Written by \`npm run -s docs\` from lang/codes.ts and test/docs/diagnostic-examples.ts; do not edit. -->
# Diagnostics

Every fault of a policy has one of these codes. A code keeps its meaning for ever; \`sallyport check --format json\` prints it with the place.
The message names the cause, \`help\` says what to write instead, and a second place is shown where there is one. Below each code stands what
\`sallyport check\` prints of a policy that has the fault. Findings of the linter have pages of their own: [lint rules](lint/README.md).

${sections.join('\n')}`;
}

function operationsTable(): string {
  const rows = [...ROUTE_OPERATIONS].map(
    ([route, operation]) => `| \`${route}\` | \`${operation}\` | ${classOf(operation)} |`,
  );
  return `| call | operation | class |\n|---|---|---|\n${rows.join('\n')}`;
}

function refusedTable(): string {
  const signatures = checkerSignatures(createBuiltinTable());
  const names = [...new Set([...signatures.keys(), ...refusedNames()])].sort();
  const rows = names.flatMap((name) => {
    const found = refusal(name, signatures.get(name));
    return found === undefined ? [] : [`| \`${name}\` | \`${found.code}\` | ${cell(found.help)} |`];
  });
  return `| builtin | code | instead |\n|---|---|---|\n${rows.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function replacePart(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- written by npm run docs: ${name} -->`, '<!-- end -->'];
  const start = page.indexOf(open);
  const end = page.indexOf(close, start);
  if (start === -1 || end === -1) throw new Error(`the page has no part ${name}`);
  return `${page.slice(0, start + open.length)}\n${text}\n${page.slice(end)}`;
}
