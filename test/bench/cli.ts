/**
 * Milliseconds of `sallyport` as a process, from start to end: the start alone, check of 100 files cold and warm, fmt of 1,000 files,
 * lint of 100. One JSON line per figure, the median of some rounds. Machines are noisy: compare figures of one run.
 *
 * Usage: npm run -s bench:cli -- [--rounds 5]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });

const MAIN = new URL('../../control/cli/from-source.mjs', import.meta.url).pathname;
/** What `npm run -s build` makes of it, and the package holds. */
const BUILT_MAIN = new URL('../../dist/control/cli/main.js', import.meta.url).pathname;
const CHECKED_FILES = 100;
const FORMATTED_FILES = 1000;

/** A module of the size policies have, which reads the one before it. */
function moduleText(at: number): string {
  const before = at === 0 ? '' : `import data.team_${at - 1}.staff as before\n\n`;
  return `package team_${at}

${before}default allow := false

allow if {
	input.identity.kind == "human"
	input.action.class == "read"
${at === 0 ? '' : '\tcount(before) < 100\n'}}

staff contains name if {
	some name in input.identity.groups
	startswith(name, "team-")
}

block contains {"code": "table-${at}", "reason": sprintf("%s is not written here", [table.name])} if {
	some statement in input.action.sql.statements
	some table in statement.tables
	table.access == "write"
	not table.name in {"orders_${at}", "drafts"}
}
`;
}

function writeModules(folder: string, count: number): void {
  mkdirSync(folder);
  for (let at = 0; at < count; at += 1)
    writeFileSync(join(folder, `team-${at}.policy`), moduleText(at));
}

function measure(
  figure: string,
  limit: number | undefined,
  args: readonly string[],
  main = MAIN,
): void {
  const times = Array.from({ length: Number(values.rounds) }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
      encoding: 'utf8',
    });
    if (status === null || status > 1) throw new Error(`${args.join(' ')}: ${stderr}`);
    return performance.now() - start;
  }).sort((left, right) => left - right);
  const ms = Math.round(times[Math.floor(times.length / 2)] ?? 0);
  console.log(JSON.stringify({ figure, ms, ...(limit === undefined ? {} : { limit_ms: limit }) }));
}

const cwd = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
try {
  writeModules(join(cwd, 'checked'), CHECKED_FILES);
  writeModules(join(cwd, 'formatted'), FORMATTED_FILES);
  measure('start', 120, ['--version']);
  if (existsSync(BUILT_MAIN)) measure('start of the package', 120, ['--version'], BUILT_MAIN);
  measure('check of 100 files, cold', 1000, ['check', '--no-cache', 'checked']);
  measure('check of 100 files, warm', 200, ['check', 'checked']);
  measure('fmt of 1000 files', 2000, ['fmt', '--check', 'formatted']);
  measure('lint of 100 files', undefined, ['lint', 'checked']);
} finally {
  rmSync(cwd, { recursive: true });
}
