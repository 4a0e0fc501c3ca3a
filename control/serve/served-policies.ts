/**
 * The policies the decision service answers by: one set at a time, swapped whole. Whoever begins an answer takes the set once and
 * keeps it to the end, so no answer mixes two. A set that does not compile never replaces one that does.
 */
import type { CompileOptions } from '../../engine/compile-options.ts';
import { patchPolicySet } from '../../engine/data-history.ts';
import type { DataPatch, PatchFault } from '../../engine/data-patches.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { prepareDocuments } from '../../engine/prepare-documents.ts';
import { ControlError } from '../error.ts';
import { compileWith } from '../policies/compile.ts';
import type { PolicyFiles } from '../policies/read-files.ts';

/** What an operator is told of the policies. */
export interface ServedStatus {
  readonly revision: string;
  readonly files: readonly string[];
  readonly loaded_at: string;
  /** Changes to the data since they were read. */
  readonly data_changes: number;
  /** Why documents are interpreted instead of compiled, which is slow. */
  readonly interpreted?: string;
  /** Why the files on disk do not decide. */
  readonly error?: { readonly at: string; readonly message: string };
}

export interface ServedPolicies {
  /** What decides now. */
  readonly policySet: PolicySet;
  readonly status: ServedStatus;
  /** Reads and compiles anew. Throws a `ControlError`; the old set then goes on deciding. */
  reload(): 'swapped' | 'unchanged';
  /** Changes the data; gives the fault when it cannot be done, and nothing is changed then. */
  change(patches: readonly DataPatch[]): PatchFault | undefined;
}

/** Reads the first set; throws when it does not compile. */
export function createServedPolicies(
  read: () => PolicyFiles,
  options: CompileOptions,
  nowIso: () => string,
): ServedPolicies {
  let interpreted: string | undefined;
  const compile = (found: PolicyFiles, previous: PolicySet | undefined): PolicySet => {
    const made = compileWith(found, options, previous);
    // The first who ask do not wait for code and indexes.
    interpreted = prepareDocuments(made);
    return made;
  };
  let files = read();
  let policySet = compile(files, undefined);
  let loadedAt = nowIso();
  let changes = 0;
  let fault: ServedStatus['error'];

  return {
    get policySet() {
      return policySet;
    },
    get status() {
      return {
        revision: policySet.revision,
        files: [...files.policies, ...files.data].map(({ name }) => name),
        loaded_at: loadedAt,
        data_changes: changes,
        ...(interpreted === undefined ? {} : { interpreted }),
        ...(fault === undefined ? {} : { error: fault }),
      };
    },
    reload() {
      try {
        const nextFiles = read();
        const next = compile(nextFiles, policySet);
        fault = undefined;
        if (next.revision === policySet.revision) return 'unchanged';
        if (next.history.patches === undefined) changes = 0;
        policySet = next;
        files = nextFiles;
        loadedAt = nowIso();
        return 'swapped';
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        fault = { at: nowIso(), message };
        throw error instanceof ControlError ? error : new ControlError('policy/invalid', message);
      }
    },
    change(patches) {
      const result = patchPolicySet(policySet, patches);
      if (result.fault !== undefined) return result.fault;
      policySet = result.policySet;
      changes += patches.length;
      return undefined;
    },
  };
}
