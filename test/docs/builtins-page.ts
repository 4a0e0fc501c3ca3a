/** The page of the builtins, written from their signatures and descriptions. */
import { describeBuiltin } from '../../engine/builtins/descriptions.ts';
import { createBuiltinTable } from '../../engine/builtins/registry.ts';
import {
  type BuiltinName,
  INFIX_OPERATORS,
  SIGNATURE_TEXTS,
} from '../../engine/builtins/signatures.ts';
import { checkerSignatures } from '../../engine/checker-signatures.ts';
import { refusal } from '../../lang/check/refused.ts';

/** Builtins whose names have no family in front, by what they are about. */
const PLAIN: Readonly<Record<string, readonly BuiltinName[]>> = {
  numbers: ['abs', 'ceil', 'floor', 'format_int', 'round', 'to_number'],
  collections: ['count', 'max', 'min', 'product', 'sort', 'sum'],
  sets: ['intersection', 'union'],
  'kinds of values': [
    'is_array',
    'is_boolean',
    'is_null',
    'is_number',
    'is_object',
    'is_set',
    'is_string',
    'type_name',
    'walk',
  ],
  'for those who write policies': ['print', 'trace'],
};

/** The whole page. */
export function builtinsPage(): string {
  const signatures = checkerSignatures(createBuiltinTable());
  const names = (Object.keys(SIGNATURE_TEXTS) as BuiltinName[]).filter(
    (name) =>
      describeBuiltin(name) !== undefined && refusal(name, signatures.get(name)) === undefined,
  );
  const operators = new Map(Object.entries(INFIX_OPERATORS).map(([sign, name]) => [name, sign]));
  const isOperator = (name: string): boolean => operators.has(name as never);
  const families = Map.groupBy(
    names.filter((name) => !isOperator(name)),
    familyOf,
  );
  const sections = [...families]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([family, members]) => `## ${family}\n\n${table(members)}`);
  return `<!-- Written by \`npm run -s docs\` from engine/builtins; do not edit. -->
# Builtins

Every function a policy can call without writing it. An editor shows the same when the cursor is on a call ([editor.md](editor.md)). What they follow to
the letter, and the few of OPA that are refused: [rego-support.md](rego-support.md). A call whose arguments are of the wrong type has no value, and \`sallyport check\`
tells it where it can be known.

${sections.join('\n\n')}

## operators

What stands behind the signs; the name is what an explanation and a plan call it.

| operator | builtin | |
|---|---|---|
${names
  .filter(isOperator)
  .map((name) => {
    const about = (describeBuiltin(name) ?? '').replace(/; the operator `[^`]+`/, '');
    return row([`\`${operators.get(name as never)}\``, `\`${name}\``, about]);
  })
  .join('\n')}
`;
}

function familyOf(name: BuiltinName): string {
  const [plain] = Object.entries(PLAIN).find(([, members]) => members.includes(name)) ?? [];
  if (plain !== undefined) return plain;
  const [family = '', ...rest] = name.split('.');
  return rest.length === 0 ? 'texts' : `${family}.*`;
}

function table(names: readonly BuiltinName[]): string {
  const rows = names.map((name) =>
    row([`\`${name}${SIGNATURE_TEXTS[name]}\``, describeBuiltin(name) ?? '']),
  );
  return ['| builtin | |', '|---|---|', ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
