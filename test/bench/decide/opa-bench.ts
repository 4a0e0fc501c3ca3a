/** The real OPA on the same policy: what it decides for all inputs in one `opa eval`, and what one decision costs by `opa bench`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PolicyInput } from '../../../engine/contract/input.ts';
import { type Outcome, outcomeText } from './contender.ts';

const run = promisify(execFile);
const MAX_OUTPUT = 256 * 1024 * 1024;
const QUERY = 'data.access';

/** What `data.access` is. */
interface AccessDocument {
  readonly allow: boolean;
  readonly block?: Outcome['reasons'];
  readonly require_approval?: Outcome['approvals'];
  readonly mask?: Outcome['masks'];
}

export interface OpaBench {
  outcomes(inputs: readonly PolicyInput[]): Promise<readonly string[]>;
  /** Nanoseconds a decision takes in process, the query prepared; the mean of one `opa bench`. */
  time(input: PolicyInput): Promise<number>;
  remove(): void;
}

export function makeOpaBench(opa: string, policy: string): OpaBench {
  const folder = mkdtempSync(join(tmpdir(), 'bench-opa-'));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const policyFile = write('access.rego', policy);
  const ask = async (args: readonly string[]): Promise<unknown> => {
    const { stdout } = await run(opa, args, { maxBuffer: MAX_OUTPUT });
    return JSON.parse(stdout);
  };
  return {
    async outcomes(inputs) {
      const data = write('inputs.json', JSON.stringify({ inputs }));
      const query = `[document | some input_ in data.inputs; document := ${QUERY} with input as input_]`;
      const files = ['-d', policyFile, '-d', data];
      const answer = (await ask(['eval', '--format', 'json', ...files, query])) as {
        readonly result: readonly [
          { readonly expressions: readonly [{ readonly value: unknown }] },
        ];
      };
      const documents = answer.result[0].expressions[0].value as readonly AccessDocument[];
      return documents.map((document) => outcomeText(outcomeOf(document)));
    },
    async time(input) {
      const file = write('input.json', JSON.stringify(input));
      const options = ['--format', 'json', '--metrics=false', '--benchmem=false'];
      const answer = (await ask(['bench', ...options, '-d', policyFile, '-i', file, QUERY])) as {
        readonly N: number;
        readonly T: number;
      };
      return answer.T / answer.N;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The decision that the four documents mean. */
function outcomeOf(document: AccessDocument): Outcome {
  const { allow, block = [], require_approval: approvals = [], mask: masks = [] } = document;
  const refusal = allow ? [] : [{ code: 'not-allowed', reason: '' }];
  const blocks = [...block, ...refusal];
  if (blocks.length > 0) return { effect: 'block', reasons: blocks, masks, approvals };
  if (approvals.length > 0)
    return { effect: 'require_approval', reasons: approvals, masks, approvals };
  return { effect: 'allow', reasons: [{ code: 'allowed', reason: '' }], masks, approvals };
}
