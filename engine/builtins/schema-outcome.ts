/**
 * What applying a JSON Schema found: errors, and how well the value fits, by which the alternative is chosen whose errors are told.
 * Types and wording of errors are those of OPA's validator.
 */

export interface SchemaError {
  /** `(Root)` or the dotted path. */
  readonly field: string;
  readonly type: string;
  readonly description: string;
}

const ROOT = '(Root)';
/** An error takes away what the check that found it adds, and one more. */
const ERROR_SCORE = -2;

/** The place of the whole value. */
export const ROOT_PLACE = ROOT;

/** The place of a member. */
export function placeBelow(place: string, name: string): string {
  return `${place}.${name}`;
}

/** A place as errors name it. */
function fieldOf(place: string): string {
  return place.startsWith(`${ROOT}.`) ? place.slice(ROOT.length + 1) : place;
}

export class SchemaOutcome {
  readonly errors: SchemaError[] = [];
  score = 0;

  get isValid(): boolean {
    return this.errors.length === 0;
  }

  /** Texts that begin with the field are given as a function of it. */
  fail(place: string, type: string, describe: string | ((field: string) => string)): void {
    const field = fieldOf(place);
    const description = typeof describe === 'string' ? describe : describe(field);
    this.errors.push({ field, type, description });
    this.score += ERROR_SCORE;
  }

  /** One more part of the schema was looked at. */
  count(): void {
    this.score += 1;
  }

  merge(other: SchemaOutcome): void {
    for (const error of other.errors) this.errors.push(error);
    this.score += other.score;
  }
}

/** The outcome that fits best, the first of several. */
export function bestOf(outcomes: readonly SchemaOutcome[]): SchemaOutcome | undefined {
  let best: SchemaOutcome | undefined;
  for (const one of outcomes) if (best === undefined || one.score > best.score) best = one;
  return best;
}
