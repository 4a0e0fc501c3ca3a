/**
 * examples/first-policy as a newcomer does it: in an empty folder, every file block is saved and every command typed, in the order
 * of the page, and what is printed is compared with the page.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linesAgree, readWalkthrough, runConsoleStep } from '../support/console-blocks.ts';
import { projectRoot } from '../support/source-files.ts';

const PAGE = 'examples/first-policy/README.md';
const walkthrough = suite('docs/first-policy');
const home = mkdtempSync(join(tmpdir(), 'sallyport-first-policy-'));
const cwd = join(home, 'project');
mkdirSync(cwd);
walkthrough.after(() => rmSync(home, { recursive: true, force: true }));

const before = [
  `sallyport() { "${process.execPath}" "${join(projectRoot, 'control/cli/from-source.mjs')}" "$@"; }`,
  `cd "${cwd}"`,
];

for (const [index, step] of readWalkthrough(PAGE).entries()) {
  if ('path' in step)
    walkthrough(`${index}: ${step.path} is saved`, () => {
      mkdirSync(dirname(join(cwd, step.path)), { recursive: true });
      writeFileSync(join(cwd, step.path), step.text);
      assert.ok(step.text.startsWith('package ') || step.text.startsWith('#'));
    });
  else
    walkthrough(`${index}: ${step.command}`, () => {
      const actual = runConsoleStep(step, before);
      const agrees =
        actual.length === step.expected.length &&
        step.expected.every((line, at) => linesAgree(line, actual[at]));
      if (!agrees) assert.equal(actual, step.expected);
    });
}

for (const name of ['access.policy', 'access_test.policy'])
  walkthrough(`${name} lies beside the page as it ended`, () => {
    const kept = readFileSync(join(projectRoot, dirname(PAGE), name), 'utf8');
    assert.is(readFileSync(join(cwd, 'policies', name), 'utf8'), kept);
  });

walkthrough.run();
