/**
 * What `check` and `lint` write as SARIF, held to the schema of OASIS (2.1.0), as the process prints it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import draft04 from 'ajv-draft-04';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toSarif } from '../../../control/cli/sarif.ts';
import { runCli } from './run-cli.ts';

const sarif = suite<{ cwd: string }>('control/cli/sarif');

const schemaFile = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
);
// The schema names formats (uri, date-time) that its own dialect leaves to the reader (URIs are looked at below), and a pattern that is none in Unicode mode.
const ajv = new draft04.default({
  strict: false,
  validateFormats: false,
  allErrors: true,
  unicodeRegExp: false,
});
const isSarif = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

function assertSarif(log: unknown): void {
  assert.ok(isSarif(log), ajv.errorsText(isSarif.errors));
}

sarif.before.each((context) => {
  context.cwd = mkdtempSync(join(tmpdir(), 'sallyport-sarif-'));
});
sarif.after.each(({ cwd }) => rmSync(cwd, { recursive: true }));

const FILES: Readonly<Record<string, string>> = {
  'findings.policy': 'package access\n\ndefault allow := true\n\nlimit = 100\n',
  'syntax.policy': 'package other\n\nallow if {\n',
  'clean.policy': 'package clean\n\ndefault allow := false\n',
};

for (const command of ['check', 'lint'])
  sarif(`what ${command} writes is SARIF, with findings and without`, async ({ cwd }) => {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
    const counts = [];
    for (const path of ['.', 'clean.policy']) {
      const { stdout } = await runCli([command, path, '--format', 'sarif'], { cwd });
      const log = JSON.parse(stdout);
      assertSarif(log);
      counts.push(log.runs[0].results.length > 0);
    }
    assert.equal(counts, [true, false]);
  });

sarif('a finding with a second place, advice, and a file name that is no URI is SARIF', () => {
  const source = { name: 'my policies/ä#1?.policy', text: 'package a\n\np := 1\n\np := 2\n' };
  const log = toSarif(
    [
      {
        code: 'check/rule-conflict',
        severity: 'error',
        message: 'two values',
        help: 'keep one',
        source,
        span: { start: 11, end: 17 },
        related: [{ source, span: { start: 19, end: 25 }, message: 'the other' }],
      },
      { code: 'lint/limit', severity: 'info', message: 'm', source, span: { start: 0, end: 0 } },
    ],
    [{ id: 'check/rule-conflict', text: 'Two rules', level: 'error' }],
  );
  assertSarif(log);
  const [uri] = JSON.stringify(log).match(/my[^"]*policy/) ?? [];
  assert.is(uri, 'my%20policies/%C3%A4%231%3F.policy');
  assert.is(URL.canParse(`file:///${uri}`), true);
});

sarif('the schema refuses what is not SARIF', () => {
  const log = JSON.parse(JSON.stringify(toSarif([], [])));
  log.runs[0].results = [{ ruleId: 'x' }];
  assert.is(isSarif(log), false);
});

sarif.run();
