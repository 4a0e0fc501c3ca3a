/**
 * Milliseconds a keystroke takes in an editor: from the edit to the diagnostics of the text it made, and to the answers of a completion
 * and of a hover asked with it; in a module of 2,000 lines, in a workspace of 200 files, against the server process over its standard
 * input and output. One JSON line per figure. Machines are noisy: compare figures of one run.
 *
 * `keystroke` types without a pause; `keystroke after a pause` is the next letter after one in which the linter has just begun.
 *
 * Usage: npm run -s bench:lsp -- [--rounds 6] [--files 200] [--lines 2000]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LanguageClient, startLanguageClient } from '../support/language-client.ts';
import { longModule, policySources } from './policy-sources.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    files: { type: 'string', default: '200' },
    lines: { type: 'string', default: '2000' },
  },
});

/** Milliseconds of the goal, at the 95th percentile. */
const GOAL_MS = 50;
/** Milliseconds from the last keystroke of a burst to the next, a little longer than the server waits before it lints. */
const LINT_PAUSE_MS = 160;
const NAME = 'long.policy';
/** A line as it is typed; on the way there it has faults of syntax and of types. */
const TYPED = '\n\tinput.identity.kind == "human"';
const ROUNDS = Number(values.rounds);

interface Session {
  readonly client: LanguageClient;
  readonly uri: string;
  text: string;
  version: number;
}

/** Puts letters in. */
function insert(session: Session, offset: number, letters: string): void {
  const before = session.text.slice(0, offset).split('\n');
  const start = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  session.text = session.text.slice(0, offset) + letters + session.text.slice(offset);
  session.version += 1;
  session.client.notify('textDocument/didChange', {
    textDocument: { uri: session.uri, version: session.version },
    contentChanges: [{ range: { start, end: start }, text: letters }],
  });
}

/** Edits and waits for the diagnostics of that very text. */
async function edit(session: Session, offset: number, letters: string): Promise<number> {
  const started = performance.now();
  const version = session.version + 1;
  const told = session.client.diagnostics(NAME, (_, of) => of !== undefined && of >= version);
  insert(session, offset, letters);
  await told;
  return performance.now() - started;
}

/** Edits and asks at once, as an editor does. */
async function ask(session: Session, offset: number, letters: string, method: string) {
  const started = performance.now();
  insert(session, offset, letters);
  const before = session.text.slice(0, offset + letters.length).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  await session.client.request(method, { textDocument: { uri: session.uri }, position });
  return performance.now() - started;
}

function print(figure: string, times: readonly number[], goal?: number): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) /
    10;
  const extra = goal === undefined ? {} : { goal };
  console.log(
    JSON.stringify({
      figure,
      samples: times.length,
      p50: at(0.5),
      p95: at(0.95),
      max: at(1),
      ...extra,
    }),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-lsp-'));
try {
  const files = Number(values.files) - 1;
  for (const { name, text } of policySources(files * 50)) writeFileSync(join(folder, name), text);
  const text = longModule(Number(values.lines), 1);
  writeFileSync(join(folder, NAME), text);
  const started = performance.now();
  const client = await startLanguageClient(folder);
  const first = client.diagnostics(NAME, () => true);
  const { textDocument } = client.open(NAME, text);
  await first;
  print('from start to the first diagnostics', [performance.now() - started]);
  const session: Session = { client, uri: textDocument.uri, text, version: 1 };
  const places = Array.from({ length: ROUNDS }, (_, round) =>
    text.indexOf('access == "write"', Math.floor((text.length * (round + 0.5)) / ROUNDS)),
  ).map((place) => place + 'access == "write"'.length);

  const keystrokes: number[] = [];
  const afterPause: number[] = [];
  const completions: number[] = [];
  const hovers: number[] = [];
  const type = async (place: number): Promise<void> => {
    for (const [at, letter] of [...TYPED].entries())
      keystrokes.push(await edit(session, place + at, letter));
  };
  /** Puts the text back as it was, and waits until that is checked. */
  const reset = async (): Promise<void> => {
    session.version += 1;
    session.text = text;
    const told = client.diagnostics(NAME, (_, of) => of === session.version);
    client.notify('textDocument/didChange', {
      textDocument: { uri: session.uri, version: session.version },
      contentChanges: [{ text }],
    });
    await told;
  };
  for (const place of places) {
    await type(place);
    await reset();
  }
  for (const place of places) {
    for (const [at, letter] of [...TYPED].entries()) {
      const offset = place + at;
      if (at < 2 || at > 22) insert(session, offset, letter);
      else completions.push(await ask(session, offset, letter, 'textDocument/completion'));
    }
    await reset();
  }
  for (const place of places) {
    for (const [at, letter] of [...TYPED].entries())
      hovers.push(await ask(session, place + at, letter, 'textDocument/hover'));
    await reset();
  }
  for (const place of places) {
    for (const [at, letter] of [...TYPED.slice(0, 12)].entries()) {
      await pause(LINT_PAUSE_MS);
      afterPause.push(await edit(session, place + at, letter));
    }
    await reset();
  }
  print('keystroke', keystrokes, GOAL_MS);
  print('keystroke after a pause', afterPause, GOAL_MS);
  print('completion', completions, GOAL_MS);
  print('hover', hovers, GOAL_MS);
  await client.stop();
} finally {
  rmSync(folder, { recursive: true });
}
