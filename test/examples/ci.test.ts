/**
 * The CI files of examples/ci, run for real in a scratch folder: every command the GitHub workflow and the GitLab job hold, in order,
 * and the hook by `git commit`. Only `npm ci` is stood in for: what it would install is installed already.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { projectRoot } from '../support/source-files.ts';

interface Workflow {
  readonly jobs: { readonly policies: { readonly steps: readonly Step[] } };
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
}

interface Pipeline {
  readonly policies: {
    readonly before_script: readonly string[];
    readonly script: readonly string[];
  };
}

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

const ci = suite<{ cwd: string; env: Record<string, string> }>('examples/ci');
const EXAMPLES = join(projectRoot, 'examples');
const POLICY = 'policies/access.policy';

ci.before.each((context) => {
  const home = mkdtempSync(join(tmpdir(), 'sallyport-ci-'));
  const bin = join(home, 'stand-ins');
  context.cwd = join(home, 'project');
  mkdirSync(join(context.cwd, 'policies'), { recursive: true });
  mkdirSync(bin);
  for (const name of ['access.policy', 'access_test.policy'])
    copyFileSync(join(EXAMPLES, 'postgres', name), join(context.cwd, 'policies', name));
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  context.env = {
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: home,
    NO_COLOR: '1',
    SALLYPORT: projectRoot,
    RUNNER_TEMP: home,
    GITHUB_PATH: join(home, 'github-path'),
  };
});
ci.after.each(({ env }) => rmSync(env['HOME'] ?? '', { recursive: true, force: true }));

function readExample(name: string): string {
  return readFileSync(join(EXAMPLES, 'ci', name), 'utf8');
}

function run(program: string, args: readonly string[], cwd: string, env: object): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...env },
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

/** The steps of the workflow as a runner takes them: a failure skips those without a condition of their own. */
function runWorkflow(cwd: string, env: Record<string, string>): readonly string[] {
  const workflow = parse(readExample('github-actions.yml')) as Workflow;
  const failed: string[] = [];
  for (const step of workflow.jobs.policies.steps) {
    if (step.run === undefined || (failed.length > 0 && step.if === undefined)) continue;
    const added = env['GITHUB_PATH'] ?? '';
    const path = existsSync(added) ? readFileSync(added, 'utf8').split('\n').reverse() : [];
    const PATH = [...path.filter((line) => line !== ''), env['PATH']].join(delimiter);
    const { code } = run('bash', ['-e', '-c', step.run], cwd, { ...env, PATH });
    if (code !== 0) failed.push(step.name ?? '');
  }
  return failed;
}

function runPipeline(cwd: string, env: object): Ran {
  const { before_script: before, script } = (parse(readExample('gitlab-ci.yml')) as Pipeline)
    .policies;
  return run('sh', ['-e', '-c', [...before, ...script].join('\n')], cwd, env);
}

/** A policy right by the language, with a finding of the linter, another layout and an expression no test reaches. */
function spoil(cwd: string): void {
  const path = join(cwd, POLICY);
  writeFileSync(path, `${readFileSync(path, 'utf8')}\nallow   if input.action.class == "ddl"\n`);
}

ci('the workflow is green for good policies and writes both reports', ({ cwd, env }) => {
  assert.equal(runWorkflow(cwd, env), []);
  const sarif = JSON.parse(readFileSync(join(cwd, 'lint.sarif'), 'utf8')) as {
    runs: readonly { results: readonly unknown[] }[];
  };
  assert.equal(
    sarif.runs.map(({ results }) => results),
    [[]],
  );
  assert.match(readFileSync(join(cwd, 'tests.xml'), 'utf8'), /<testsuites name="sallyport"/);
});

ci('the workflow names lint, layout and coverage of a policy that was spoilt', ({ cwd, env }) => {
  spoil(cwd);
  assert.equal(runWorkflow(cwd, env), ['Lint', 'Layout', 'Test']);
  assert.match(readFileSync(join(cwd, 'lint.sarif'), 'utf8'), /"uri": "policies\/access\.policy"/);
});

ci('the workflow stops at a misspelt field', ({ cwd, env }) => {
  writeFileSync(
    join(cwd, POLICY),
    'package shop.database\n\nallow if input.identty.kind == "human"\n',
  );
  assert.is(runWorkflow(cwd, env)[0], 'Check');
});

ci('the job is green for good policies and writes three reports', ({ cwd, env }) => {
  const { code, output } = runPipeline(cwd, env);
  assert.is(code, 0, output);
  for (const report of ['check.xml', 'lint.xml', 'tests.xml'])
    assert.match(readFileSync(join(cwd, report), 'utf8'), /^<\?xml .*\n<testsuites/);
});

ci('the job is red for a policy that was spoilt', ({ cwd, env }) => {
  spoil(cwd);
  assert.is(runPipeline(cwd, env).code, 1);
  assert.match(readFileSync(join(cwd, 'lint.xml'), 'utf8'), /<failure/);
});

ci('the hook refuses a staged fault, and passes once the mended text is staged', (context) => {
  const { cwd } = context;
  const bin = join(context.env['HOME'] ?? '', 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'sallyport'),
    `#!/bin/sh\nexec node "${projectRoot}/control/cli/main.ts" "$@"\n`,
    { mode: 0o755 },
  );
  const env = { ...context.env, PATH: `${bin}${delimiter}${context.env['PATH']}` };
  const git = (...args: readonly string[]): Ran =>
    run('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], cwd, env);
  const commits = (): number => git('log', '--oneline').output.split('\n').length - 1;
  git('init', '-q');
  copyFileSync(join(EXAMPLES, 'ci', 'pre-commit'), join(cwd, '.git/hooks/pre-commit'));

  git('add', '.');
  assert.match(git('commit', '-q', '-m', 'begin').output, /\d+ passed, 0 failed/);
  assert.is(commits(), 1);

  const good = readFileSync(join(cwd, POLICY), 'utf8');
  spoil(cwd);
  git('add', '.');
  writeFileSync(join(cwd, POLICY), good);
  const refused = git('commit', '-q', '-m', 'spoil');
  assert.is(refused.code, 1);
  assert.match(refused.output, /policies\/access\.policy/);
  assert.is(commits(), 1);

  writeFileSync(join(cwd, POLICY), `${good}\n# Reviewed.\n`);
  git('add', '.');
  const passed = git('commit', '-q', '-m', 'mend');
  assert.is(passed.code, 0, passed.output);

  writeFileSync(join(cwd, 'notes.txt'), 'no policy\n');
  git('add', '.');
  assert.is(git('commit', '-q', '-m', 'note').output, '');
  assert.is(commits(), 3);
});

ci('the hook can be run as it is checked out', () => {
  execFileSync('test', ['-x', join(EXAMPLES, 'ci', 'pre-commit')]);
});

ci.run();
