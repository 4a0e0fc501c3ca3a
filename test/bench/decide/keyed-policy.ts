/** The keyed rules as Rego text, one module, and as Cedar text. */
import type { KeyedRule, Shape } from './keyed-rules.ts';

/** Package `access` with one rule for each. */
export function regoText(shape: Shape, rules: readonly KeyedRule[]): string {
  const texts = rules.map((rule) => `${head(shape, rule)} if {\n${body(shape, rule)}\n}\n`);
  return `package access\n\ndefault allow := false\n\n${texts.join('\n')}`;
}

function head(shape: Shape, { id, effect }: KeyedRule): string {
  const reason =
    shape === 'fresh'
      ? `sprintf("rule ${id}: %s by %s", [statement.verb, input.identity.subject])`
      : `"rule ${id}"`;
  switch (effect) {
    case 'allow':
      return 'allow';
    case 'block':
      return `block contains {"code": "block-${id}", "reason": ${reason}}`;
    case 'require_approval':
      return `require_approval contains {"code": "ask-${id}", "reason": ${reason}, "approvers": {"groups": ["dba"]}}`;
    case 'mask':
      return `mask contains {"code": "mask-${id}", "column": "*.*.secret_${id}", "with": "last4"}`;
  }
}

function body(shape: Shape, { verb, key, group }: KeyedRule): string {
  const match =
    shape === 'http'
      ? [`input.action.http.path == "${key}"`, `input.action.http.method == "${verb}"`]
      : [
          'some statement in input.action.sql.statements',
          `statement.verb == "${verb}"`,
          'some table in statement.tables',
          `table.name == "${key}"`,
        ];
  return [...match, `"${group}" in input.identity.groups`].map((line) => `\t${line}`).join('\n');
}

/** The rules that allow or forbid; Cedar has neither masks nor approvals. */
export function cedarText(rules: readonly KeyedRule[]): string {
  return rules
    .filter(({ effect }) => effect === 'allow' || effect === 'block')
    .map(({ id, effect, verb, key, group }) => {
      const word = effect === 'allow' ? 'permit' : 'forbid';
      return `@id("rule-${id}")\n${word}(principal in Group::"${group}", action == Action::"${verb}", resource == Table::"${key}");`;
    })
    .join('\n');
}
