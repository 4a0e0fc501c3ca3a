/** What OPA says of a case when its optimisations are off: the language without them. Slow, so asked only about differences. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FuzzCase } from './generate-module.ts';

/** Milliseconds one evaluation may take. */
const DEADLINE_MS = 5_000;

export interface OpaReference {
  /** Evaluates the case without rule indexing and early exit; undefined where that fails, else the result as JSON text. */
  evaluate(example: FuzzCase): string | undefined;
  /** What OPA says when it compiles the case; nothing where it accepts it. */
  check(example: FuzzCase): string;
}

export function makeOpaReference(opa: string, base: string): OpaReference {
  const inFolder = <Result>(
    example: FuzzCase,
    ask: (files: readonly string[]) => Result,
  ): Result => {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-opa-'));
    const write = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const input = write('input.json', example.input);
    const data = write('base.json', `{"base": ${base}}`);
    const modules = example.modules.map((text, at) => write(`fuzz${at}.rego`, text));
    const result = ask([input, data, ...modules]);
    rmSync(folder, { recursive: true });
    return result;
  };
  const run = (args: readonly string[]) =>
    spawnSync(opa, args, { encoding: 'utf8', timeout: DEADLINE_MS });
  return {
    evaluate: (example) =>
      inFolder(example, ([input = '', ...files]) => {
        const flags = ['--disable-indexing', '--disable-early-exit', '--format', 'raw'];
        const paths = files.flatMap((file) => ['-d', file]);
        const { status, stdout } = run(['eval', ...flags, '-i', input, ...paths, 'data.fuzz']);
        return status === 0 ? stdout.trim() : undefined;
      }),
    check: (example) =>
      inFolder(example, ([, , ...modules]) => run(['check', ...modules]).stderr.trim()),
  };
}
