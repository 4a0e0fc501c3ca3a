/**
 * The test runner: every `*.test.ts` file under `test/` in a process of its own, with a deadline, several at once.
 *
 * A file passes when its process exits 0 *and* uvu reported at least one test; a file that ran none has failed.
 * A test file that lacks a server prints `SKIP: <what and why>` on a line of its own for each thing left out; under
 * `CI=true` every such line is a failure. The last line is `N passed, N failed, N skipped`, counted in tests.
 *
 * Usage: node test/run.ts [substring of a path ...] [--jobs N] [--deadline SECONDS]
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

/** Seconds one test file may take before it is killed and counted as failed. */
const DEFAULT_DEADLINE_SECONDS = 300;
/** Bytes of a file's output that are kept; the tail is what explains a failure. */
const OUTPUT_LIMIT = 256 * 1024;

interface FileReport {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skips: readonly string[];
  readonly seconds: number;
  readonly output: string;
  readonly fault: string | undefined;
}

const root = new URL('..', import.meta.url).pathname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: String(Math.max(2, availableParallelism())) },
    deadline: { type: 'string', default: String(DEFAULT_DEADLINE_SECONDS) },
  },
});
const isCi = process.env['CI'] === 'true';

function findTestFiles(): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => positionals.length === 0 || positionals.some((part) => path.includes(part)))
    .sort();
}

/** Sums uvu's closing `Total:` / `Passed:` lines; a file may hold several suites but only one run. */
function readTotals(output: string): { total: number; passed: number } {
  const sum = (label: string): number =>
    [...output.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, 'gm'))].reduce(
      (all, match) => all + Number(match[1]),
      0,
    );
  return { total: sum('Total'), passed: sum('Passed') };
}

function runFile(file: string): Promise<FileReport> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_LIMIT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let fault: string | undefined;
    const deadline = setTimeout(() => {
      fault = `no end after ${values.deadline} s`;
      killGroup(child.pid);
    }, Number(values.deadline) * 1000);
    child.on('close', (code, signal) => {
      clearTimeout(deadline);
      killGroup(child.pid);
      const { total, passed } = readTotals(output);
      const skips = [...output.matchAll(/^SKIP: (.*)$/gm)].map((match) => match[1] ?? '');
      if (fault === undefined && code !== 0) fault = `exit ${code ?? signal}`;
      if (fault === undefined && total === 0 && skips.length === 0) fault = 'ran no test';
      if (fault === undefined && isCi && skips.length > 0) fault = 'skipped under CI';
      const failed = Math.max(total - passed, fault === undefined ? 0 : 1);
      const seconds = (performance.now() - started) / 1000;
      resolve({ file, passed, failed, skips, seconds, output, fault });
    });
  });
}

/** Ends whatever the file started and left behind: it is the leader of its own process group. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has already ended.
  }
}

const queue = findTestFiles();
const reports: FileReport[] = [];
async function work(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const report = await runFile(file);
    reports.push(report);
    const mark = report.fault === undefined && report.failed === 0 ? 'ok  ' : 'FAIL';
    console.log(`${mark} ${file} (${report.passed} tests, ${report.seconds.toFixed(1)} s)`);
    for (const skip of report.skips) console.log(`     skipped: ${skip}`);
    if (mark === 'FAIL') {
      console.log(report.output.replace(/^/gm, '     | '));
      console.log(`     ${report.fault ?? 'failed'}`);
    }
  }
}

if (queue.length === 0) {
  console.error(`no test file matches ${positionals.join(' ') || 'test/**/*.test.ts'}`);
  process.exit(1);
}
await Promise.all(Array.from({ length: Number(values.jobs) }, () => work()));
const failing = reports.filter((report) => report.failed > 0).map((report) => report.file);
if (failing.length > 0) console.log(`\nfailing: ${failing.sort().join(', ')}`);
const sum = (pick: (report: FileReport) => number): number =>
  reports.reduce((all, report) => all + pick(report), 0);
console.log(
  `${sum((r) => r.passed)} passed, ${sum((r) => r.failed)} failed, ${sum((r) => r.skips.length)} skipped`,
);
process.exit(failing.length > 0 ? 1 : 0);
