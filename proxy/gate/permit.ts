/**
 * A permit is the proof that the gate admitted an identity to a target. Dialling a target needs one, and only the gate can
 * mint it: a protocol that did not ask has nothing to dial with, and cannot dial another target than the one admitted.
 */
import type { IdentityInput } from '../../engine/contract/input.ts';
import type { Target } from './ports.ts';

/** INVARIANT: `mint` is exported to `proxy/gate` alone (architecture test). */
const key = Symbol('permit');

export class Permit {
  readonly identity: IdentityInput;
  readonly target: Target;

  constructor(proof: symbol, identity: IdentityInput, target: Target) {
    if (proof !== key) throw new TypeError('a permit is minted by the gate only');
    this.identity = identity;
    this.target = target;
  }
}

export function mintPermit(identity: IdentityInput, target: Target): Permit {
  return new Permit(key, identity, target);
}
