/**
 * What the linter is told of decisions and their input. The contract itself belongs to the engine, which makes this of its schemas;
 * nothing here reads one.
 *
 * Paths are dotted from `input`; `[]` stands for any member of a collection: `input.action.sql.statements[].class`.
 */

export interface LintContract {
  /** Values a text can have, by path; a path that is missing can have any. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  /** Names of the fields of each object that has no others, by path. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Paths that may be absent. */
  readonly optional: ReadonlySet<string>;
  /** Paths of objects whose keys are not known beforehand, such as labels. */
  readonly open: ReadonlySet<string>;
  /** Fields of the members of each decision document. */
  readonly memberFields: ReadonlyMap<string, readonly string[]>;
  readonly maskMethods: readonly string[];
  readonly maskSelectors: readonly string[];
  readonly approvalScopes: readonly string[];
  /** Milliseconds of a duration such as `30m`; undefined for one that is no duration, or too long. */
  readonly duration: (text: string) => number | undefined;
  /** Names of the builtins. */
  readonly builtins: ReadonlySet<string>;
  /** Why a text is no regular expression; undefined where it is one. */
  readonly patternFault: (pattern: string) => string | undefined;
}

/** Whether a value may be missing there although the input is as the contract says. */
export function mayBeAbsent(contract: LintContract, path: string): boolean {
  const parts = path.split('.');
  for (let length = 2; length <= parts.length; length += 1) {
    const part = parts.slice(0, length).join('.');
    const above = parts.slice(0, length - 1).join('.');
    if (contract.optional.has(part) || contract.open.has(above)) return true;
  }
  return false;
}
