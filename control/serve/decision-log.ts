/**
 * Answers as JSON lines in a file: what was asked, by which input and revision, and what came out. An answer that cannot be written
 * down is not given.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { writeJson } from '../../engine/value/json.ts';
import type { Value } from '../../engine/value/value.ts';
import { ControlError } from '../error.ts';
import { ServeFault } from './fault.ts';
import { objectText } from './json-text.ts';

export interface LoggedDecision {
  readonly decisionId: string;
  readonly at: string;
  readonly path: string;
  readonly revision: string;
  readonly input: Value | undefined;
  readonly result: Value | undefined;
  /** Code and message of the fault, when there was no answer. */
  readonly error: string | undefined;
}

export interface DecisionLog {
  /** Throws `ServeFault` when the line cannot be written. */
  write(decision: LoggedDecision): void;
  close(): void;
}

const OWNER_ONLY = 0o600;
/** The name that stands for standard output. */
const STANDARD_OUTPUT = '-';

/** Opens the file to append to it. Throws `state/not-writable`. */
export function openDecisionLog(file: string): DecisionLog {
  const fd = file === STANDARD_OUTPUT ? process.stdout.fd : openToAppend(file);
  return {
    write(decision) {
      const line = lineOf(decision);
      try {
        // One call a line: lines of several processes that share the file do not mix.
        if (writeSync(fd, line) === Buffer.byteLength(line)) return;
      } catch (cause) {
        throw unwritten(cause);
      }
      throw unwritten(undefined);
    },
    close() {
      if (file !== STANDARD_OUTPUT) closeSync(fd);
    },
  };
}

function openToAppend(file: string): number {
  try {
    return openSync(file, 'a', OWNER_ONLY);
  } catch (cause) {
    throw new ControlError('state/not-writable', `the decision log ${file} cannot be written`, {
      cause,
      hint: 'check its folder, and that it is yours',
    });
  }
}

function unwritten(cause: unknown): ServeFault {
  const fault = new ServeFault(500, 'internal_error', 'the decision could not be logged');
  fault.cause = cause;
  return fault;
}

function lineOf({ decisionId, at, path, revision, input, result, error }: LoggedDecision): string {
  const text = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : JSON.stringify(value);
  const json = (value: Value | undefined): string | undefined =>
    value === undefined ? undefined : writeJson(value);
  const members = {
    decision_id: text(decisionId),
    timestamp: text(at),
    path: text(path),
    revision: text(revision),
    input: json(input),
    result: json(result),
    error: text(error),
  };
  return `${objectText(members)}\n`;
}
