/** What can be done about what is wrong at a place. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lintModules } from '../../../../lang/lint/lint.ts';
import { LINT_RULES } from '../../../../lang/lint/rule-list.ts';
import { codeActions } from '../../../../lang/server/features/code-actions.ts';
import { finishSteps } from '../../../../lang/server/steps.ts';
import { openMarked } from '../../../support/policy-workspace.ts';
import { applyTextEdits } from '../../../support/text-edits.ts';

const test = suite('lang/server/features/code-actions');

interface Action {
  readonly title: string;
  /** The text after it. */
  readonly text: string;
}

/** What is offered at the cursor. */
function actionsAt(marked: string): readonly Action[] {
  const { workspace, document, offset } = openMarked(marked);
  const found = codeActions(
    {
      faults: workspace.diagnosticsOf(document),
      findings: finishSteps(workspace.lintInSteps(document)),
    },
    document,
    { start: offset, end: offset },
    ['quickfix'],
  );
  return found.map(({ title, edit }) => ({
    title,
    text: applyTextEdits(document.source.text, edit?.changes?.[document.uri] ?? []),
  }));
}

/** The codes the linter finds in a text. */
function lint(text: string): readonly string[] {
  const { document, host } = openMarked(text);
  const { module, source } = document;
  if (module === undefined) throw new Error('the text has faults');
  return lintModules([{ module, source }], LINT_RULES, host.lintSettings()).map(
    ({ diagnostic }) => diagnostic.code,
  );
}

test('a misspelt field can be written as it was meant', () => {
  const [action] = actionsAt('package a\n\np if input.identity.kn‸d == "human"\n');
  assert.equal(action, {
    title: 'write `kind` instead of `knd`',
    text: 'package a\n\np if input.identity.kind == "human"\n',
  });
});

test('a misspelt variable can be written as it was meant', () => {
  const titles = actionsAt('package a\n\np if {\n\tcounted := 3\n\tcoun‸ed > 2\n}\n');
  assert.ok(titles.some(({ title }) => title === 'write `counted` instead of `couned`'));
});

test('a finding can be ignored by a comment that holds once a reason stands in it', () => {
  const [action] = actionsAt('package a\n\np if {\n\tinput.x\n\ttr‸ue\n}\n').filter(
    ({ title }) => title === 'ignore `bugs/constant-condition` here, for a reason to be written',
  );
  const expected =
    'package a\n\np if {\n\tinput.x\n\t# sallyport ignore: bugs/constant-condition because \n\ttrue\n}\n';
  assert.is(action?.text, expected);
  assert.ok(lint(expected).includes('lint/bugs/constant-condition'));
  const reasoned = expected.replace('because ', 'because it is a test');
  assert.is(lint(reasoned).includes('lint/bugs/constant-condition'), false);
});

test('the comment stands above METADATA, which stays what it is', () => {
  const marked =
    'package a\n\n# METADATA\n# title: Anybody\nallow‸ := true\n\nreader if input.identity.kind == "human"\n';
  const actions = actionsAt(marked).filter(({ title }) => title.startsWith('ignore'));
  assert.ok(actions.length > 0);
  for (const { text } of actions) {
    const reasoned = text.replace('because ', 'because it is a test');
    const { workspace, document } = openMarked(reasoned);
    assert.equal(workspace.diagnosticsOf(document), []);
    const rule = /ignore: (\S+)/.exec(text)?.[1] ?? '';
    assert.is(lint(reasoned).includes(`lint/${rule}`), false, rule);
    assert.match(text, /^package a\n\n# sallyport ignore: .*\n# METADATA\n/);
  }
});

test('no comment is put into a text of several lines', () => {
  const marked = 'package a\n\np if {\n\tx := `a\nb`; tr‸ue\n\tx != ""\n}\n';
  assert.ok(lint(marked.replace('‸', '')).includes('lint/bugs/constant-condition'));
  assert.equal(
    actionsAt(marked).filter(({ title }) => title.startsWith('ignore `bugs/constant')),
    [],
  );
});

test.run();
