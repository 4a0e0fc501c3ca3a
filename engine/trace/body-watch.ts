/**
 * The tracer that finds where a body stopped: it remembers the furthest literal that was tried and what was bound then. It
 * watches one body in one frame at a time; a nested watch puts the outer one aside.
 */
import type { Body, Literal } from '../../lang/ast/nodes.ts';
import type { Frame } from '../interpret/frame.ts';
import type { Scope } from '../interpret/machine.ts';
import type { Tracer } from '../interpret/tracer.ts';
import type { World } from '../interpret/world.ts';
import type { Value } from '../value/value.ts';

/** Ways a literal was tried in that are remembered. */
export const MAX_ATTEMPTS = 3;

/** What was bound when a literal was tried, and the world it was tried in. */
export interface Attempt {
  readonly bindings: ReadonlyMap<string, Value>;
  readonly world: World;
}

/** The furthest literal of a body and how it was tried; -1 when none was. */
export interface Stop {
  readonly index: number;
  readonly attempts: readonly Attempt[];
  readonly tries: number;
}

interface Watched {
  readonly frame: Frame;
  readonly literals: readonly Literal[];
  index: number;
  attempts: Attempt[];
  tries: number;
}

export class BodyWatch implements Tracer {
  #watched: Watched | undefined;

  /** Runs a search of `body` in `frame` and tells how far it came. */
  observe(frame: Frame, body: Body, search: () => void): Stop {
    const outer = this.#watched;
    const watched: Watched = { frame, literals: body.literals, index: -1, attempts: [], tries: 0 };
    this.#watched = watched;
    try {
      search();
    } finally {
      this.#watched = outer;
    }
    return watched;
  }

  literal(scope: Scope, literals: readonly Literal[], index: number): void {
    const watched = this.#watched;
    if (watched?.literals !== literals || watched.frame !== scope.frame) return;
    if (index < watched.index) return;
    if (index > watched.index) {
      watched.index = index;
      watched.attempts = [];
      watched.tries = 0;
    }
    watched.tries += 1;
    if (watched.attempts.length < MAX_ATTEMPTS) {
      watched.attempts.push({ bindings: scope.frame.bindings(), world: scope.world });
    }
  }

  held(): void {
    // How far the search came is all that is asked.
  }

  fired(): void {
    // See `held`.
  }
}
