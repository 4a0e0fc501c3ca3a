/**
 * Milliseconds a keystroke takes in an editor: from the edit to the diagnostics of the text it made, and to the answers of a completion
 * and of a hover asked with it; in a module of 2,000 lines, in a workspace of 200 files, against the server process over its standard
 * input and output. One JSON line per figure. Machines are noisy: compare figures of one run. Where the kernel tells, `cpu` is what the
 * server's main thread has worked meanwhile: the time a machine with nothing else to do would take.
 *
 * `keystroke` types without a pause; `keystroke after a pause` is the next letter after one in which the linter has just begun.
 *
 * Usage: npm run -s bench:lsp -- [--rounds 6] [--files 200] [--lines 2000]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
/** Hovers from the start on, enough to last through the first check of everything. */
const FIRST_HOVERS = 60;
const FIRST_PAUSE_MS = 25;
const NAME = 'long.policy';
/** A line as it is typed; on the way there it has faults of syntax and of types. */
const TYPED = '\n\tinput.identity.kind == "human"';
const ROUNDS = Number(values.rounds);

/** What one measurement took. */
interface Sample {
  readonly ms: number;
  /** Undefined where the kernel does not tell. */
  readonly cpuMs: number | undefined;
}

/** Milliseconds the server's main thread has run. */
function cpuOf(pid: number): number | undefined {
  try {
    const [ns] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
    return Number(ns) / 1e6;
  } catch {
    return undefined;
  }
}

async function measure({ client }: Session, work: () => Promise<unknown>): Promise<Sample> {
  const cpu = cpuOf(client.pid);
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  const cpuNow = cpuOf(client.pid);
  return { ms, cpuMs: cpu === undefined || cpuNow === undefined ? undefined : cpuNow - cpu };
}

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
function edit(session: Session, offset: number, letters: string): Promise<Sample> {
  return measure(session, () => {
    const version = session.version + 1;
    const told = session.client.diagnostics(NAME, (_, of) => of !== undefined && of >= version);
    insert(session, offset, letters);
    return told;
  });
}

/** Edits and asks at once, as an editor does. */
function ask(session: Session, offset: number, letters: string, method: string): Promise<Sample> {
  const before = (session.text.slice(0, offset) + letters).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return measure(session, () => {
    if (letters !== '') insert(session, offset, letters);
    return session.client.request(method, { textDocument: { uri: session.uri }, position });
  });
}

function print(figure: string, samples: readonly Sample[], goal?: number): void {
  const times = samples.map(({ ms }) => ms);
  const cpu = samples.flatMap(({ cpuMs }) => cpuMs ?? []);
  console.log(
    JSON.stringify({
      figure,
      samples: samples.length,
      least: shareOf(times, 0),
      p50: shareOf(times, 0.5),
      p95: shareOf(times, 0.95),
      most: shareOf(times, 1),
      ...(cpu.length === 0 ? {} : { cpuP50: shareOf(cpu, 0.5), cpuP95: shareOf(cpu, 0.95) }),
      ...(goal === undefined ? {} : { goal }),
    }),
  );
}

function shareOf(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round((sorted[at] ?? 0) * 10) / 10;
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
  // A text with faults would be checked in no time.
  const faults = (await first).filter(({ code }) => !code.startsWith('lint/'));
  if (faults.length > 0) throw new Error(`the long module has faults: ${faults[0]?.message}`);
  print('from start to the first diagnostics', [
    { ms: performance.now() - started, cpuMs: cpuOf(client.pid) },
  ]);
  const session: Session = { client, uri: textDocument.uri, text, version: 1 };
  const places = Array.from({ length: ROUNDS }, (_, round) =>
    text.indexOf('access == "write"', Math.floor((text.length * (round + 0.5)) / ROUNDS)),
  ).map((place) => place + 'access == "write"'.length);

  const starting: Sample[] = [];
  for (let at = 0; at < FIRST_HOVERS; at += 1) {
    starting.push(await ask(session, text.indexOf('access =='), '', 'textDocument/hover'));
    await pause(FIRST_PAUSE_MS);
  }
  print('hover while all is checked for the first time', starting, GOAL_MS);

  const keystrokes: Sample[] = [];
  const afterPause: Sample[] = [];
  const completions: Sample[] = [];
  const hovers: Sample[] = [];
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
