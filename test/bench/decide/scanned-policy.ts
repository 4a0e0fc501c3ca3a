/**
 * Policies no index helps: every rule must be looked at. As Rego text and as a person would write them; matching rules block.
 */
import type { PolicyInput } from '../../../engine/contract/input.ts';
import type { Contender, Outcome } from './contender.ts';

/** What the rules test: intervals of a number, prefixes of a name, regular expressions over a name. */
export type ScannedKind = 'comparison' | 'prefix' | 'regex';

/** Width of one rule's interval. */
const INTERVAL = 3;

/** Package `access` with so many rules. */
export function scannedText(kind: ScannedKind, rules: number): string {
  const texts = Array.from(
    { length: rules },
    (_, id) =>
      `block contains {"code": "block-${id}", "reason": "rule ${id}"} if {\n${bodyText(kind, id)}\n}\n`,
  );
  return `package access\n\ndefault allow := false\n\nallow if input.identity.kind == "human"\n\n${texts.join('\n')}`;
}

function bodyText(kind: ScannedKind, id: number): string {
  if (kind === 'comparison')
    return `\tinput.session.rows >= ${id * INTERVAL}\n\tinput.session.rows < ${(id + 1) * INTERVAL - 1}`;
  const tables =
    '\tsome statement in input.action.sql.statements\n\tsome table in statement.tables\n';
  return kind === 'prefix'
    ? `${tables}\tstartswith(table.name, "accounts_${id}_")`
    : `${tables}\tregex.match(\`^[a-z]+_${id}_[a-z]*$\`, table.name)`;
}

/** The same by hand: a loop over the rules, regular expressions compiled once. */
export function scannedByHand(kind: ScannedKind, rules: number): Contender {
  const patterns = Array.from({ length: rules }, (_, id) => new RegExp(`^[a-z]+_${id}_[a-z]*$`));
  const prefixes = Array.from({ length: rules }, (_, id) => `accounts_${id}_`);

  function holds(id: number, input: PolicyInput): boolean {
    if (kind === 'comparison') {
      const { rows } = input.session;
      return rows >= id * INTERVAL && rows < (id + 1) * INTERVAL - 1;
    }
    const { action } = input;
    if (action.kind !== 'sql') return false;
    return action.sql.statements.some(({ tables }) =>
      tables.some(({ name }) =>
        kind === 'prefix' ? name.startsWith(prefixes[id] ?? '') : patterns[id]?.test(name),
      ),
    );
  }

  return {
    decide(input): Outcome {
      const blocks: { code: string; reason: string }[] = [];
      for (let id = 0; id < rules; id += 1)
        if (holds(id, input)) blocks.push({ code: `block-${id}`, reason: `rule ${id}` });
      if (input.identity.kind !== 'human')
        blocks.push({ code: 'not-allowed', reason: 'no rule allows this' });
      const nothing: readonly never[] = [];
      if (blocks.length > 0)
        return { effect: 'block', reasons: blocks, masks: nothing, approvals: nothing };
      const reasons = [{ code: 'allowed', reason: 'allowed' }];
      return { effect: 'allow', reasons, masks: nothing, approvals: nothing };
    },
  };
}

/** Inputs for it, of keyed ones: half of them meet a rule. */
export function scannedInputs(
  inputs: readonly PolicyInput[],
  rules: number,
): readonly PolicyInput[] {
  const text = JSON.stringify(
    inputs.map((input, at) => ({
      ...input,
      session: { ...input.session, rows: (at * 17) % (rules * INTERVAL * 2) },
    })),
  );
  return JSON.parse(
    text.replaceAll(/"accounts_(\d+)"/g, (_, digits: string) =>
      Number(digits) % 2 === 0 ? `"accounts_${digits}_x"` : `"ledger-${digits}"`,
    ),
  ) as readonly PolicyInput[];
}
