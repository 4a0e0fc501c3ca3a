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
}

export function makeOpaReference(opa: string, base: string): OpaReference {
  return {
    evaluate(example) {
      const folder = mkdtempSync(join(tmpdir(), 'fuzz-opa-'));
      const write = (name: string, text: string): string => {
        const path = join(folder, name);
        writeFileSync(path, text);
        return path;
      };
      const files = [
        write('base.json', `{"base": ${base}}`),
        ...example.modules.map((text, at) => write(`fuzz${at}.rego`, text)),
      ];
      const input = write('input.json', example.input);
      const args = ['--disable-indexing', '--disable-early-exit', '--format', 'raw'];
      const run = spawnSync(
        opa,
        ['eval', ...args, '-i', input, ...files.flatMap((file) => ['-d', file]), 'data.fuzz'],
        { encoding: 'utf8', timeout: DEADLINE_MS },
      );
      rmSync(folder, { recursive: true });
      return run.status === 0 ? run.stdout.trim() : undefined;
    },
  };
}
