import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkFiles } from '../../../control/cli/check-files.ts';
import { ControlError } from '../../../control/error.ts';
import { readSchemas } from '../../../control/policies/read-schemas.ts';

const test = suite<{ folder: string }>('control/policies/read-schemas');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sallyport-schemas-'));
  mkdirSync(join(context.folder, 'api'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const POD = '{"type": "object", "properties": {"image": {"type": "string"}}}';

test('schemas are named by their paths, and type what METADATA names', ({ folder }) => {
  writeFileSync(join(folder, 'api', 'pod.json'), POD);
  writeFileSync(join(folder, 'notes.txt'), 'x');
  const schemas = readSchemas(folder);
  assert.equal(Object.keys(schemas), ['schema.api.pod']);
  const block = '# METADATA\n# schemas:\n# - data.pod: schema.api.pod\n';
  const text = `package p\n\n${block}q if data.pod.imag\n`;
  const files = { policies: [{ name: 'p.policy', text }], data: [], tests: [] };
  const codes = (found: ReturnType<typeof checkFiles>) => found.map(({ code }) => code);
  assert.equal(codes(checkFiles(files, schemas)), ['type/undefined-field']);
  assert.equal(codes(checkFiles(files)), []);
  assert.equal(codes(checkFiles(files, {})), ['check/metadata']);
});

test('a folder that is missing and a file that is no schema are coded errors', ({ folder }) => {
  const codeOf = (path: string): unknown => {
    try {
      return readSchemas(path);
    } catch (error) {
      return error instanceof ControlError ? error.code : error;
    }
  };
  assert.is(codeOf(join(folder, 'none')), 'policy/not-found');
  for (const text of ['[1]', '{', '3']) {
    writeFileSync(join(folder, 'x.json'), text);
    assert.is(codeOf(folder), 'policy/invalid', text);
  }
});

test.run();
