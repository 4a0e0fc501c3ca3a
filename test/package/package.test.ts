/**
 * The package as another project gets it: packed by npm, unpacked into its node_modules, type-checked against its declarations and run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { projectRoot } from '../support/source-files.ts';

const test = suite('package');
const home = mkdtempSync(join(tmpdir(), 'sallyport-consumer-'));
const modules = join(home, 'node_modules');
test.after(() => rmSync(home, { recursive: true, force: true }));

const page = readFileSync(join(projectRoot, 'docs/embedding.md'), 'utf8');
const blockOf = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

function run(...args: readonly string[]): {
  readonly output: string;
  readonly status: number | null;
} {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args], {
    cwd: home,
    encoding: 'utf8',
  });
  return { output: `${stdout}${stderr}`, status };
}

test.before(() => {
  const env = {
    ...process.env,
    PATH: `${join(projectRoot, 'node_modules/.bin')}:${process.env['PATH']}`,
  };
  execFileSync('npm', ['run', '-s', 'build'], { cwd: projectRoot, env });
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', home];
  execFileSync('npm', args, { cwd: projectRoot, env });
  const [archive = ''] = readdirSync(home).filter((name) => name.endsWith('.tgz'));
  mkdirSync(modules);
  execFileSync('tar', ['-xzf', join(home, archive), '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, 'sallyport')]);
  // What npm would install beside it is what is installed here.
  for (const name of readdirSync(join(projectRoot, 'node_modules'))) {
    if (name !== 'sallyport')
      symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
  }
  mkdirSync(join(home, 'policies'));
  writeFileSync(join(home, 'policies/shop.policy'), blockOf('rego'));
  writeFileSync(join(home, 'policies/data.json'), blockOf('json'));
  writeFileSync(join(home, 'main.ts'), blockOf('ts'));
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
});

test('it holds JavaScript, declarations and policies, and neither sources nor tests', () => {
  const files = readdirSync(join(modules, 'sallyport'), { recursive: true, encoding: 'utf8' });
  assert.ok(files.includes('dist/control/embed/policy.d.ts'));
  assert.ok(files.includes('dist/policies/README.md'));
  assert.equal(
    files.filter((file) => /(?<!\.d)\.ts$/.test(file) || file.startsWith('test')),
    [],
  );
});

test('the example of docs/embedding.md prints what the page says', () => {
  const { output, status } = run('main.ts');
  assert.is(output, blockOf('text'));
  assert.is(status, 0);
});

test('the example is right by its declarations, and a slip in it is not', () => {
  const tsconfig = {
    compilerOptions: {
      module: 'NodeNext',
      target: 'ES2024',
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: true,
    },
    files: ['main.ts'],
  };
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(tsconfig));
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  assert.equal(run(compiler, '-p', '.'), { output: '', status: 0 });
  writeFileSync(join(home, 'main.ts'), blockOf('ts').replace('.effect', '.efect'));
  assert.match(run(compiler, '-p', '.').output, /Property 'efect' does not exist/);
});

test('the engine and the language are found under their names, and nothing else is', () => {
  const code = `
    const { compilePolicies } = await import('sallyport/engine');
    const { parseModule } = await import('sallyport/lang');
    const hidden = await import('sallyport/control/gateway.js').catch((error) => error.code);
    console.log(typeof compilePolicies, typeof parseModule, hidden);`;
  const { output } = run('--input-type=module', '--eval', code);
  assert.is(output, 'function function ERR_PACKAGE_PATH_NOT_EXPORTED\n');
});

test('the command runs from the package', () => {
  const cli = join(modules, 'sallyport/dist/control/cli/main.js');
  const { output } = run(cli, 'eval', '-d', 'policies', 'data.shop.team.ada.level');
  assert.is(output, '3\n');
});

test.run();
