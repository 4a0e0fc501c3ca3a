/**
 * Runs the `console` blocks of a page: each line that begins with `$ ` is a command, the lines up to the next one are what it must
 * print. A line that ends in `…` is compared up to there. Commands run in the project's root, the command line without npm.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './source-files.ts';

export interface ConsoleStep {
  readonly command: string;
  readonly expected: readonly string[];
}

/** A file a page tells its reader to save: a block whose first line names it, as in "rego policies/access.policy". */
export interface FileStep {
  readonly path: string;
  readonly text: string;
}

/** The steps of a page in order; `export` lines hold for those after them. */
export function readConsoleSteps(page: string): readonly ConsoleStep[] {
  return readWalkthrough(page).flatMap((step) => ('command' in step ? [step] : []));
}

/** The commands of a page and the files it saves between them, in order. */
export function readWalkthrough(page: string): readonly (ConsoleStep | FileStep)[] {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  const blocks = text.matchAll(/^```(?:console|rego (\S+))\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, path, body = '']): readonly (ConsoleStep | FileStep)[] =>
    path === undefined ? readCommands(body) : [{ path, text: body }],
  );
}

function readCommands(body: string): readonly ConsoleStep[] {
  const steps: { command: string; expected: string[] }[] = [];
  for (const line of body.split('\n').slice(0, -1)) {
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [] });
    else steps.at(-1)?.expected.push(line);
  }
  return steps;
}

/** What a step's command prints after the `exports` before it. */
export function runConsoleStep(step: ConsoleStep, exports: readonly string[]): readonly string[] {
  const program = `"${process.execPath}" "${join(projectRoot, 'control/cli/from-source.mjs')}"`;
  const command = step.command.replaceAll('npm run -s sallyport --', program);
  const script = [...exports, `{ ${command} ; } 2>&1 || true`].join('\n');
  const output = execFileSync('sh', ['-c', script], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return output === '' ? [] : output.replace(/\n$/, '').split('\n');
}

/** Does a printed line say what the page says? */
export function linesAgree(expected: string, actual: string | undefined): boolean {
  return expected.endsWith('…')
    ? actual?.startsWith(expected.slice(0, -1)) === true
    : expected === actual;
}
