import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { linesAgree, readConsoleSteps, runConsoleStep } from '../support/console-blocks.ts';

/** Pages whose `console` blocks need no server and print the same on every machine. */
const PAGES = ['examples/postgres/README.md', 'examples/http/README.md'];

const docs = suite('docs/console-blocks');

for (const page of PAGES) {
  const exports: string[] = [];
  const steps = readConsoleSteps(page);
  docs(`${page} shows commands`, () => assert.ok(steps.length > 2));
  for (const step of steps) {
    if (step.command.startsWith('export ')) exports.push(step.command);
    const before = [...exports];
    docs(`${page}: ${step.command}`, () => {
      const actual = runConsoleStep(step, before);
      const agrees =
        actual.length === step.expected.length &&
        step.expected.every((line, at) => linesAgree(line, actual[at]));
      if (!agrees) assert.equal(actual, step.expected);
    });
  }
}

docs.run();
