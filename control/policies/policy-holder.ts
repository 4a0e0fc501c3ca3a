/**
 * Holds the policy set that decides, and swaps it whole. A set that does not compile, or cannot be recorded, never replaces one
 * that does; the fault is kept for whoever asks.
 */
import type { PolicyInput } from '../../engine/contract/input.ts';
import type { Interpreted } from '../../engine/decide.ts';
import type { Explanation } from '../../engine/trace/explain-decision.ts';
import type { DecisionPort } from '../../proxy/gate/ports.ts';
import { ControlError } from '../error.ts';
import type { PolicyFiles } from './read-files.ts';

export interface PolicyStatus {
  /** Revision that decides now. */
  readonly revision: string;
  readonly files: readonly string[];
  readonly loaded_at: string;
  /** Packages whose decisions are not made by code, and why: they are the same decisions, but slow. */
  readonly interpreted: readonly Interpreted[];
  /** Why the newest files do not decide; absent while they do. */
  readonly error?: {
    readonly at: string;
    readonly message: string;
    readonly diagnostics: readonly string[];
  };
}

export type Explain = (policies: readonly string[], input: PolicyInput) => Explanation;

/** A set that is ready to decide. */
export interface LoadedPolicies {
  readonly revision: string;
  readonly decisions: DecisionPort;
  /** Decides by the same set, and says why. */
  readonly explain: Explain;
  /** Grows while it decides. */
  readonly interpreted: readonly Interpreted[];
}

export interface PolicyHolderOptions {
  /** Reads the files anew; throws a `ControlError`. */
  readonly read: () => PolicyFiles;
  /** Throws `policy/invalid` with rendered diagnostics. */
  readonly compile: (files: PolicyFiles) => LoadedPolicies;
  /** Records that a set decides from now on; rejects when that is not possible. */
  readonly record: (revision: string, files: readonly string[]) => Promise<void>;
  readonly nowIso: () => string;
}

export interface PolicyHolder extends DecisionPort {
  /** See `LoadedPolicies.explain`. */
  readonly explain: Explain;
  /** Reads, compiles, records, swaps. Rejects with the fault; the old set then goes on deciding. */
  reload(): Promise<'swapped' | 'unchanged'>;
  readonly status: PolicyStatus;
}

interface Current extends LoadedPolicies {
  readonly files: readonly string[];
  readonly loadedAt: string;
}

/** A holder with its first set; throws when that does not compile. It is not recorded: the journal may not be open yet. */
export function createPolicyHolder(options: PolicyHolderOptions): PolicyHolder {
  let current = load();
  let fault: PolicyStatus['error'];
  let queue: Promise<unknown> = Promise.resolve();

  function load(): Current {
    const files = options.read();
    return {
      ...options.compile(files),
      files: [...files.policies, ...files.data].map((source) => source.name),
      loadedAt: options.nowIso(),
    };
  }

  async function swap(): Promise<'swapped' | 'unchanged'> {
    try {
      const next = load();
      if (next.revision === current.revision) {
        fault = undefined;
        return 'unchanged';
      }
      await options.record(next.revision, next.files);
      current = next;
      fault = undefined;
      return 'swapped';
    } catch (error) {
      fault = {
        at: options.nowIso(),
        message: error instanceof Error ? error.message : String(error),
        diagnostics: error instanceof ControlError ? error.details : [],
      };
      throw error;
    }
  }

  return {
    decide: (policies, input) => current.decisions.decide(policies, input),
    explain: (policies, input) => current.explain(policies, input),
    reload() {
      // One after the other: two reloads that overlap could leave the older set in place.
      const result = queue.then(swap);
      queue = result.catch(() => undefined);
      return result;
    },
    get status() {
      return {
        revision: current.revision,
        files: current.files,
        loaded_at: current.loadedAt,
        interpreted: current.interpreted,
        ...(fault === undefined ? {} : { error: fault }),
      };
    },
  };
}
