/**
 * The extension for Visual Studio Code: its package holds what an editor needs, its grammar colours policies as meant, and its
 * snippets are policies.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import textmate from 'vscode-textmate';
import { createScenarioBuiltins } from '../../control/cli/scenario-builtins.ts';
import { compilePolicies } from '../../engine/policy-set.ts';
import { runProgram } from '../support/run-program.ts';
import { projectRoot } from '../support/source-files.ts';

const test = suite('examples/vscode');
const { builtins } = createScenarioBuiltins();
const require = createRequire(import.meta.url);

/** What is used of the library; its own declarations need those of a browser. */
interface Oniguruma {
  loadWASM(bytes: ArrayBuffer): Promise<void>;
  readonly OnigScanner: new (patterns: string[]) => textmate.OnigScanner;
  readonly OnigString: new (text: string) => textmate.OnigString;
}
const oniguruma = require('vscode-oniguruma') as Oniguruma;

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}

const json = <Shape>(path: string): Shape =>
  JSON.parse(readFileSync(join(projectRoot, 'examples/vscode', path), 'utf8')) as Shape;

await oniguruma.loadWASM(
  new Uint8Array(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'))).buffer,
);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => json<textmate.IRawGrammar>('syntaxes/policy.tmLanguage.json'),
});
const grammar = await registry.loadGrammar('source.policy');

/** The scopes of each token of a text, the innermost one, blanks left out. */
function tokensOf(text: string): readonly (readonly [string, string])[] {
  let stack = textmate.INITIAL;
  const found: [string, string][] = [];
  for (const line of text.split('\n')) {
    const result = grammar?.tokenizeLine(line, stack);
    assert.ok(result);
    if (!result) return found;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const token = line.slice(startIndex, endIndex);
      if (token.trim() !== '') found.push([token.trim(), scopes.at(-1) ?? '']);
    }
    stack = result.ruleStack;
  }
  return found;
}

function scopeOf(text: string, token: string): string | undefined {
  return tokensOf(text).find(([found]) => found === token)?.[1];
}

test('the package holds the extension, its client and all that needs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-vsix-'));
  try {
    const file = join(folder, 'policy.vsix');
    const script = join(projectRoot, 'examples/vscode/package-extension.mts');
    const { code, stderr } = await runProgram(process.execPath, [script, file]);
    assert.is(code, 0, stderr);
    const entries = unzipSync(readFileSync(file));
    const text = (name: string): string => strFromU8(entries[name] ?? new Uint8Array());
    assert.match(text('extension.vsixmanifest'), 'Id="sallyport-policy"');
    assert.match(text('[Content_Types].xml'), 'Extension=".json"');
    const manifest = JSON.parse(text('extension/package.json')) as {
      main: string;
      contributes: { grammars: { path: string }[]; snippets: { path: string }[] };
    };
    const named = [
      manifest.main,
      ...manifest.contributes.grammars.map(({ path }) => path),
      ...manifest.contributes.snippets.map(({ path }) => path),
    ];
    for (const path of named)
      assert.ok(entries[`extension/${path.replace('./', '')}`] !== undefined, path);
    for (const library of ['vscode-languageclient', 'semver', 'minimatch', 'brace-expansion'])
      assert.ok(entries[`extension/node_modules/${library}/package.json`] !== undefined, library);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the grammar tells rules, keywords, documents, strings and comments', () => {
  const text = `package access

import future.keywords.not

default allow := false # nothing
allow if {
	input.identity.kind == "hu\\nman"
	not startswith(data.x.y, \`raw\`)
	count(input.xs) > 12.5
}
`;
  const expected: Readonly<Record<string, string>> = {
    package: 'keyword.control.policy',
    access: 'entity.name.namespace.policy',
    import: 'keyword.control.policy',
    default: 'keyword.control.policy',
    allow: 'entity.name.function.rule.policy',
    false: 'constant.language.policy',
    '# nothing': 'comment.line.number-sign.policy',
    if: 'keyword.control.policy',
    input: 'variable.language.policy',
    identity: 'variable.other.property.policy',
    '\\n': 'constant.character.escape.policy',
    not: 'keyword.control.policy',
    startswith: 'support.function.policy',
    raw: 'string.quoted.other.raw.policy',
    '12.5': 'constant.numeric.policy',
  };
  for (const [token, scope] of Object.entries(expected))
    assert.is(scopeOf(text, token), scope, token);
});

test('an expression in a template is coloured as code, what follows as text', () => {
  const text = 'p := $"a {count({1: [2]})} b" if true';
  assert.is(scopeOf(text, 'count'), 'support.function.policy');
  assert.is(scopeOf(text, 'b'), 'string.interpolated.policy');
  assert.is(scopeOf(text, 'if'), 'keyword.control.policy');
});

test('an unclosed string ends with its line', () => {
  assert.is(scopeOf('p := "open\nq := true', 'true'), 'constant.language.policy');
});

for (const [name, { prefix, body }] of Object.entries(
  json<Record<string, Snippet>>('snippets/policy.json'),
))
  test(`snippet ${prefix} is a policy: ${name}`, () => {
    const filled = body
      .join('\n')
      .replace(/\$\{\d+\|([^,|]+)[^}]*\}/g, '$1')
      .replace(/\$\{\d+:([^}]*)\}/g, '$1')
      .replaceAll('$0', '');
    const text = filled.startsWith('# METADATA')
      ? filled
      : `package example\n\nimport future.keywords.not\nimport data.access\n\n${filled}`;
    const access = {
      name: 'access.policy',
      text: 'package access\n\nallow := true\n\nblock contains {"code": "x", "reason": "y"}\n',
    };
    const others = filled.startsWith('# METADATA') ? [] : [access];
    const { diagnostics } = compilePolicies(
      { policies: [{ name: 'snippet.policy', text }, ...others] },
      { inputSchema: 'contract', allowMocked: true, builtins },
    );
    assert.equal(
      diagnostics.map(({ code, message }) => `${code}: ${message}`),
      [],
    );
  });

test.run();
