/**
 * The output shown in docs/testing-policies.md and docs/explain.md is what the commands print.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { projectRoot } from '../../support/source-files.ts';
import { runCli } from './run-cli.ts';

const POLICY = `package access

import future.keywords.not

default allow := false

# METADATA
# title: Engineers read
allow if {
	"engineering" in input.identity.groups
	input.action.class == "read"
}

block contains {"code": "no-drop", "reason": sprintf("%s destroys data", [statement.verb])} if {
	some statement in input.action.sql.statements
	startswith(statement.verb, "DROP")
}
`;
const TESTS = `package access_test

import data.access

engineer := {"kind": "human", "groups": ["engineering"]}

test_engineer_reads if {
	access.allow with input as {"identity": engineer, "action": {"class": "read"}}
}

test_codes[text] if {
	some text, want in {
		"SELECT 1": set(),
		"DROP TABLE customers": {"no-drop"},
		"TRUNCATE customers": {"no-drop"},
	}
	found := access.block with input as {"action": sallyport.action.sql(text)}
	{member.code | some member in found} == want
}

test_sales_reads if {
	access.allow with input as {"identity": {"kind": "human", "groups": ["sales"]}, "action": {"class": "read"}}
}
`;
const CONFIG = `resources:
  - {name: shop-db, type: postgres, host: localhost, user: app}
identities:
  - {subject: ana, groups: [engineering]}
  - {subject: sam, groups: [sales]}
`;

const documented = suite<{ cwd: string }>('control/cli/documented-output');

documented.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-docs-'));
  mkdirSync(join(context.cwd, 'policies'));
  writeFileSync(join(context.cwd, 'policies', 'access.policy'), POLICY);
  writeFileSync(join(context.cwd, 'policies', 'access_test.policy'), TESTS);
  writeFileSync(join(context.cwd, 'sallyport.yaml'), CONFIG);
});
documented.after.each((context) => {
  rmSync(context.cwd, { recursive: true });
});

/** The block of a page that starts with a command. */
function shownAfter(page: string, command: string): string {
  const text = readFileSync(join(projectRoot, 'docs', page), 'utf8');
  const [, block = ''] = text.split(`\n$ sallyport ${command}\n`);
  return steady(block.slice(0, block.indexOf('```')));
}

/** What is the same in every run: without durations and the revision. */
function steady(text: string): string {
  return text
    .replace(/in \d+ ms/, 'in 0 ms')
    .replace(/sha256:[0-9a-f]+/, 'sha256:0')
    .trimEnd();
}

documented('a failing test is shown as it is printed', async ({ cwd }) => {
  const { stdout } = await runCli(['test'], { cwd });
  assert.is(shownAfter('testing-policies.md', 'test'), steady(stdout));
});

documented('an explanation is shown as it is printed', async ({ cwd }) => {
  const sql = 'DROP TABLE customers';
  const { stdout } = await runCli(['explain', '--sql', sql, '--as', 'sam', '--on', 'shop-db'], {
    cwd,
  });
  const command = `explain --sql "${sql}" --as sam --on shop-db`;
  assert.is(shownAfter('explain.md', command), steady(stdout));
});

documented.run();
