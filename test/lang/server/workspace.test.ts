/** Checking a workspace gives way to what an editor asks meanwhile, and comes to the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hoverText } from '../../../lang/server/features/hover.ts';
import { finishSteps } from '../../../lang/server/steps.ts';
import { createWorkspace, type Workspace } from '../../../lang/server/workspace.ts';
import type { Source } from '../../../lang/source.ts';
import { policySources } from '../../bench/policy-sources.ts';
import { startLanguageClient } from '../../support/language-client.ts';
import { makeTestHost } from '../../support/policy-workspace.ts';

const checking = suite('lang/server/workspace');

const FAULTY = {
  name: 'faulty.policy',
  text: 'package faulty\n\nx := data.teams.team_3.is_staff + 1\n\ny if nobody\n',
};
const HOVERED = 'package hovered\n\nx := input.identity.kind\n';

/** The files of a workspace that takes a while to check, one of them with faults. */
function files(count: number): readonly Source[] {
  return [...policySources((count - 2) * 50), FAULTY, { name: 'hovered.policy', text: HOVERED }];
}

function open(sources: readonly Source[]): Workspace {
  const workspace = createWorkspace(makeTestHost());
  for (const { name, text } of sources) workspace.put(name, text);
  return workspace;
}

/** What a whole check says, of every document. */
function told(workspace: Workspace): readonly unknown[] {
  const { diagnosticsOf } = finishSteps(workspace.checkInSteps());
  return [...workspace.documents.keys()]
    .toSorted()
    .map((name) => [name, diagnosticsOf(name).map(({ code, span }) => [code, span])]);
}

checking('the first check pauses after every file and every few rules', () => {
  const steps = open(files(20)).checkInSteps();
  let pauses = 0;
  while (steps.next().done !== true) pauses += 1;
  assert.ok(pauses > 20 + (18 * 50 * 2) / 100, String(pauses));
});

checking('what is asked in a pause is answered, and the check comes to the same', () => {
  const sources = files(8);
  const expected = told(open(sources));
  assert.match(JSON.stringify(expected), /"check\/unsafe-var"/);
  for (const wait of [0, 1, 5, 12, 18]) {
    const workspace = open(sources);
    const steps = workspace.checkInSteps();
    for (let at = 0; at < wait; at += 1) assert.is(steps.next().done, false);
    const document = workspace.find('hovered.policy');
    if (document === undefined) throw new Error('the workspace has lost the document');
    const text = hoverText(makeTestHost(), workspace, document, HOVERED.indexOf('kind'));
    assert.match(text ?? '', /input\.identity\.kind/);
    finishSteps(steps);
    assert.equal(told(workspace), expected);
  }
});

checking('a check that a change ends in the middle leaves nothing behind', () => {
  const sources = files(8);
  const changed = { name: 'team-3.policy', text: 'package teams.team_3\n\nis_staff := "no"\n' };
  const expected = told(open(sources.map((one) => (one.name === changed.name ? changed : one))));
  for (const wait of [3, 9, 15, 20]) {
    const workspace = open(sources);
    const steps = workspace.checkInSteps();
    for (let at = 0; at < wait; at += 1) steps.next();
    workspace.put(changed.name, changed.text);
    assert.equal(told(workspace), expected);
  }
});

checking('a hover right after the start is answered before the workspace is checked', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-workspace-'));
  try {
    for (const { name, text } of files(200)) writeFileSync(join(folder, name), text);
    const client = await startLanguageClient(folder);
    const events: string[] = [];
    const checked = client
      .diagnostics(FAULTY.name, (found) => found.length > 0)
      .then(() => events.push('checked'));
    const at = client.open('hovered.policy', HOVERED.replace('kind', 'ki‸nd'));
    const { result } = await client.request('textDocument/hover', at);
    events.push('hover');
    assert.match(JSON.stringify(result), /input\.identity\.kind/);
    await checked;
    assert.equal(events, ['hover', 'checked']);
    await client.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

checking.run();
