/**
 * Writes what is published to dist/: the sources as JavaScript with their declarations, and the files they read. Types are not
 * checked here; `npm run check` does that. Usage: npm run -s build
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;
const dist = join(root, 'dist');
/** Read at run time, at the same place below the root. */
const READ = ['package.json', 'policies', 'docs/lint', 'docs/diagnostics.md'];

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

for (const path of READ) cpSync(join(root, path), join(dist, path), { recursive: true });
for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.d.ts')) continue;
  // The compiler rewrites imports in JavaScript only.
  const path = join(dist, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/((?:from|import\() ?'\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
}
