import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseModule } from '../../../lang/parse.ts';
import { ModuleParser } from '../../../lang/syntax/module-parser.ts';
import { MIN_LENGTH_IN_PIECES, parseInPieces } from '../../../lang/syntax/pieces.ts';
import { createLexer, scan } from '../../../lang/syntax/scan.ts';

const test = suite('lang/syntax/pieces');
const lexer = createLexer();
const parser = new ModuleParser();

const HEAD = 'package large\n\nimport future.keywords.not\nimport future.keywords.and\n\n';
const GROUP = `# a rule
block contains {"code": "a"} if {
	some statement in input.action.sql.statements
	not { statement.verb == "SELECT" } # behind it
}

name := $"{input.identity.subject} of {input.resource.name}" if {
	input.resource.name != "" and input.identity.subject != ""
} else := "nobody"

default limit := 0
`;

/** The same lines until the text is parsed in pieces. */
function large(group: string): string {
  return HEAD + `${group}\n`.repeat(Math.ceil(MIN_LENGTH_IN_PIECES / group.length));
}

/** The tree as text: comparing node by node would take seconds. */
function inPieces(text: string): string | undefined {
  return JSON.stringify(parseInPieces(lexer, parser, { name: 'large.policy', text }));
}

function treeOf(text: string): string | undefined {
  return JSON.stringify(parseModule({ name: 'large.policy', text }).module);
}

function whole(text: string): ReturnType<ModuleParser['parseModule']> {
  return parser.parseModule(scan(lexer, { name: 'large.policy', text }));
}

test('reads a large file to the tree that it has as a whole', () => {
  const text = large(GROUP);
  const { module, diagnostics } = whole(text);
  assert.equal(diagnostics, []);
  assert.ok(inPieces(text) === JSON.stringify(module));
  assert.ok(treeOf(text) === JSON.stringify(module));
});

test('cuts nothing inside a raw string whose lines look like rules', () => {
  const text = large('pattern := `\nallow if true\n`\n');
  assert.ok(treeOf(text) === JSON.stringify(whole(text).module));
});

test('goes past words at the first column that stand in brackets', () => {
  const text = large('list := [\none,\ntwo,\n]\n\none := 1\n');
  assert.ok(inPieces(text) === JSON.stringify(whole(text).module));
});

test('leaves what a late import means to whoever reads the whole', () => {
  const text = `${large(GROUP)}\nimport data.other\n`;
  assert.is(inPieces(text), undefined);
  assert.ok(treeOf(text) === JSON.stringify(whole(text).module));
});

test('tells the faults of a large file in their places', () => {
  const text = `${large(GROUP)}\nallow if { 1 + }\n`;
  const [fault, ...others] = parseModule({ name: 'large.policy', text }).diagnostics;
  assert.equal(others, []);
  assert.is(fault?.code, 'parse/unexpected-token');
  assert.is(text.slice(fault?.span.start, fault?.span.end), '}');
});

test('refuses a hidden character wherever it stands', () => {
  for (const text of [`${large(GROUP)}# \u202e\n`, `\uFEFF${large(GROUP)}p := "\u202e"\n`])
    assert.is(inPieces(text), undefined);
});

test.run();
