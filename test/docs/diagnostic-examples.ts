/** A policy for each diagnostic code, below `package access`, with what `sallyport check` prints of it. docs/diagnostics.md shows them. */
import { compilePolicies } from '../../engine/policy-set.ts';
import type { DiagnosticCode } from '../../lang/codes.ts';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import { lintModules } from '../../lang/lint/lint.ts';
import { LINT_RULES } from '../../lang/lint/rule-list.ts';
import { renderDiagnostic } from '../../lang/render.ts';
import { lintModule } from '../support/lint-pages.ts';

interface Example {
  /** Below `package access`, unless it says its package itself. */
  readonly policy: string;
  /** A data document beside it. */
  readonly data?: string;
}

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');

const EXAMPLES: Readonly<Partial<Record<DiagnosticCode, Example>>> = {
  'parse/unexpected-token': { policy: 'allow if input.identity.mfa or input.session.rows == 0' },
  'parse/limit': { policy: `deep := ${'['.repeat(81)}${']'.repeat(81)}` },
  'parse/invalid-character': { policy: "allow if input.identity.kind == 'human'" },
  'parse/hidden-text': { policy: 'allow if input.identity.name == "\u202Eada"' },
  'parse/invalid-literal': { policy: 'path := "C:\\Users"' },
  'parse/invalid-reference': { policy: 'first := "abc"[0]' },
  'parse/invalid-pattern': {
    policy: 'all_equal if every [a, b] in input.pairs { a == b }',
  },
  'parse/ambiguous-operand': {
    policy: 'import future.keywords.and\n\nallow if print("asked") and input.identity.mfa',
  },
  'parse/invalid-template': { policy: 'greeting := $"hello {some name in ["ada"]}"' },
  'parse/invalid-import': { policy: 'import lib.staff' },
  'parse/invalid-rule': { policy: 'default allow := input.identity.mfa' },
  'parse/missing-package': { policy: 'allow if true' },
  'refused/v0-syntax': { policy: 'deny[reason] { reason := "no" }' },
  'refused/network': {
    policy: 'list := http.send({"method": "get", "url": "https://example.com"})',
  },
  'refused/host-state': { policy: 'region := opa.runtime().env.REGION' },
  'refused/random': { policy: 'sampled if rand.intn("sample", 100) == 0' },
  'refused/clock': { policy: 'late if time.now_ns() > 1700000000000000000' },
  'refused/signing': { policy: 'token := io.jwt.encode_sign({}, {}, {})' },
  'refused/graphql': { policy: 'known if graphql.is_valid("{ a }", "type Query { a: Int }")' },
  'refused/parse-module': { policy: 'tree := rego.parse_module("a.rego", "package a")' },
  'refused/output-pattern': {
    policy:
      'kind("a") := ["first"]\n\nkind("b") := ["second"]\n\nallow if { kind("a", [k]); k == "first" }',
  },
  'refused/deprecated': { policy: 'allow if re_match("^a", input.identity.name)' },
  'check/unsafe-var': {
    policy: 'allow if {\n\tgroups := input.identity.groups\n\t"dba" in group\n}',
  },
  'check/limit': { policy: lines(101, (at) => `rule_${at} if unknown_name`) },
  'check/redeclared-var': { policy: 'allow if { x := 1; x := 2; x > 1 }' },
  'check/unused-var': { policy: 'allow if {\n\tsome group\n\tinput.identity.mfa\n}' },
  'check/undeclared-var': { policy: 'allow if { print(who); input.identity.mfa }' },
  'check/shadowed-document': { policy: 'may_read(input) if input.class == "read"' },
  'check/shadowed-function': {
    policy: 'allow if {\n\tcount := 3\n\tcount(input.identity.groups) == count\n}',
  },
  'check/assign-target': { policy: 'allow if { input.identity.mfa := true }' },
  'check/assign-in-operand': { policy: 'allow if not x := input.session.reason' },
  'check/parameter': { policy: 'same(lower("A")) := true' },
  'check/template-expression': {
    policy:
      'import future.keywords.not\n\nanswer := $"second factor missing: {not input.identity.mfa}"',
  },
  'check/duplicate-import': {
    policy: 'import data.staff.groups\nimport data.guests.groups\n\nallow if "dba" in groups',
  },
  'check/rule-conflict': { policy: 'block := "drop"\n\nblock contains "truncate"' },
  'check/recursion': { policy: 'reader if writer\n\nwriter if reader' },
  'check/unknown-function': { policy: 'allow if startwith(input.action.verb, "SEL")' },
  'check/arity': { policy: 'allow if startswith(input.action.verb)' },
  'check/void-value': { policy: 'allow if x := print("asked")' },
  'check/with-target': { policy: 'allow if input.identity.mfa with staff as true' },
  'check/metadata': {
    policy: '# METADATA\n# scope: file\n# title: Reads\nallow if input.identity.mfa',
  },
  'check/data-syntax': { policy: '', data: '{"limits": {"rows": 100,}}' },
  'check/data-conflict': { policy: 'limit := 100', data: '{"access": {"limit": 200}}' },
  'type/match': { policy: 'allow if input.context.hour == "9"' },
  'type/argument': { policy: 'allow if startswith(input.context.hour, "1")' },
  'type/arity': {
    policy: 'always(_) := true\n\ntest_drop if startswith("DROP", "D") with startswith as always',
  },
  'type/undefined-field': { policy: 'allow if input.identity.group == "dba"' },
  'type/function-value': { policy: 'reader(id) if "dba" in id.groups\n\nallow if reader == true' },
  'lint/limit': { policy: lines(201, (at) => `rule_${at} = ${at}`) },
};

/** Codes that a text never has: trees that a program makes can. */
export const WITHOUT_EXAMPLE: readonly string[] = [
  'check/negated-statement',
  'check/every-pattern',
];

/** What is printed of the example of a code: the first diagnostic, the last for limits. Throws where another code is told too. */
export function exampleOf(code: DiagnosticCode): string | undefined {
  const example = EXAMPLES[code];
  if (example === undefined) return undefined;
  const found = diagnosticsOf(example, code.startsWith('lint/'));
  const isLimit = code.endsWith('/limit');
  const others = found.filter((one) => one.code !== code);
  const [shown] = isLimit ? found.slice(-1) : found;
  if (shown?.code !== code || (!isLimit && others.length > 0))
    throw new Error(`${code}: ${found.map((one) => `${one.code} ${one.message}`).join('\n')}`);
  return renderDiagnostic(shown, { colour: false }).trimEnd();
}

function diagnosticsOf({ policy, data }: Example, lint: boolean): readonly Diagnostic[] {
  const isWhole = policy === 'allow if true';
  const text = isWhole ? `${policy}\n` : `package access\n\n${policy}\n`;
  if (lint)
    return lintModules([lintModule('access.policy', text)], LINT_RULES).map(
      (one) => one.diagnostic,
    );
  const documents = data === undefined ? [] : [{ name: 'data.json', text: data }];
  const policies = [{ name: 'access.policy', text }];
  return compilePolicies({ policies, data: documents }, { inputSchema: 'contract' }).diagnostics;
}
