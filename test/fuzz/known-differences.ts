/** Differences from OPA that are meant, each with its reason. Everything else that the fuzzer finds is a fault. */
import type { DifferenceKind, OwnOutcome } from './compare-outcomes.ts';
import type { FuzzCase } from './generate-module.ts';
import type { OpaOutcome } from './opa-server.ts';

export interface KnownDifference {
  readonly id: string;
  readonly reason: string;
  covers(
    kind: DifferenceKind,
    example: FuzzCase,
    outcomes: { readonly own: OwnOutcome; readonly opa: OpaOutcome },
  ): boolean;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];
