/** Where the links of a document lead. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { documentLinks } from '../../../../lang/server/features/document-links.ts';
import { openMarked } from '../../../support/policy-workspace.ts';

const test = suite('lang/server/features/document-links');

const OTHERS = {
  'shared_test.policy': 'package shared\n\ntest_limit if limit == 5\n',
  'shared.policy': 'package shared\n\nlimit := 5\n',
};

/** The linked texts with where they lead. */
function links(text: string): readonly (readonly [string, string | undefined])[] {
  const { host, workspace, document } = openMarked(text, OTHERS);
  return documentLinks(host, workspace, document).map(({ range, target }) => [
    document.source.text.slice(
      document.map.offsetAt(range.start),
      document.map.offsetAt(range.end),
    ),
    target,
  ]);
}

test('an import of a package or of a rule of it leads to its file, the one without tests', () => {
  assert.equal(
    links(
      'package a\n\nimport data.shared\nimport data.shared.limit as most\nimport data.nowhere.x\nimport input.identity\n\np := [shared.limit, most]\n',
    ),
    [
      ['data.shared', 'shared.policy'],
      ['data.shared.limit', 'shared.policy'],
    ],
  );
});

test('an ignored rule leads to its page', () => {
  const comment = '# sallyport ignore: bugs/constant-condition because it is a test';
  assert.equal(links(`package a\n\n${comment}\np if true\n`), [
    ['bugs/constant-condition', 'docs:lint/bugs/constant-condition'],
  ]);
});

test('a text with faults has none', () => {
  assert.equal(links('package a\n\nimport data.shared\n\np := {\n'), []);
});

test.run();
