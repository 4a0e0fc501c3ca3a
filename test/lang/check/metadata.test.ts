import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, faultsOfModules } from '../../support/checked.ts';

const test = suite('lang/check/metadata');

const MODULE = `# METADATA
# title: a package
# custom: {level: 3}
package p

# METADATA
# title: a rule
# authors:
#  - Ann Lee <ann@example.org>
# schemas:
#  - input: schema.action
q := rego.metadata.rule()
`;

test('attaches blocks to what follows them', () => {
  const { set, diagnostics } = check([MODULE]);
  assert.equal(diagnostics, []);
  const rule = set?.modules[0]?.module.rules[0];
  const [own, outer] = rule ? (set?.annotations.chain(rule) ?? []) : [];
  assert.equal(own?.path, ['p', 'q']);
  assert.is(own?.annotation?.title, 'a rule');
  assert.equal(own?.annotation?.authors, [{ name: 'Ann Lee', email: 'ann@example.org' }]);
  assert.equal(own?.annotation?.schemas[0]?.reference, ['schema', 'action']);
  assert.equal(outer?.annotation?.custom, { level: 3n });
});

test('replaces the call that asks for them by the document', () => {
  const value = check([MODULE]).set?.modules[0]?.rules[0]?.rule.head.value;
  assert.is(value?.kind, 'Object');
});

test('refuses a block that cannot be read or stands where it means nothing', () => {
  const texts = [
    'package p\n# METADATA\n# title: [\nq := 1\n',
    'package p\n# METADATA\n# scope: package\nq := 1\n',
    'package p\n# METADATA\n# scope: nowhere\nq := 1\n',
    'package p\n# METADATA\n# entrypoint: yes please\nq := 1\n',
    'package p\n# METADATA\n# schemas:\n#  - input: nothing\nq := 1\n',
    'package p\n# METADATA\n\nq := 1\n',
  ];
  for (const text of texts) {
    const found = faultsOfModules([text]);
    assert.is(found.length, 1, text);
    assert.ok(found[0]?.startsWith('check/metadata: # METADATA'), text);
  }
});

test('refuses two blocks of one document', () => {
  const block = '# METADATA\n# scope: document\n';
  const text = `package p\n${block}q := 1 if input.a\n${block}q := 1 if input.b\n`;
  assert.is(faultsOfModules([text]).length, 1);
});

test('the YAML of a block is read as OPA reads it', () => {
  const block = [
    '# METADATA',
    '# title: 2020-01-01',
    '# entrypoint: no',
    '# related_resources: [https://example.com/a b]',
    '# custom: {a: 2020-01-01, b: 2001-12-14t21:59:43.10-05:00, c: 12345678901234567890, d: 017, e: 1e400, f: 2020-02-30}',
  ].join('\n');
  const { set } = check([`package p\n\n${block}\nq := 1\n`]);
  const [own] = set?.annotations.all ?? [];
  assert.is(own?.title, '2020-01-01');
  assert.is(own?.entrypoint, false);
  assert.equal(own?.relatedResources, [{ ref: 'https://example.com/a%20b', description: '' }]);
  assert.equal(own?.custom, {
    a: '2020-01-01T00:00:00Z',
    b: '2001-12-14T21:59:43.1-05:00',
    // What does not fit 63 bits and fits 64 turns negative there.
    c: -6101065172474983726n,
    d: 15n,
    e: '1e400',
    f: '2020-02-30',
  });
});

test.run();
