/** Places in the input document, as the names that lead there; the empty path is all of it. */

export type InputPath = readonly string[];

/** `input.a.b`, as the reads of a decision are written; a name that is no identifier as `input["a.b"]`. */
export function inputPathText(path: InputPath): string {
  return path.reduce(
    (text, name) =>
      /^[A-Za-z_]\w*$/.test(name) ? `${text}.${name}` : `${text}[${JSON.stringify(name)}]`,
    'input',
  );
}

/** True when the place of `outer` is that of `inner` or holds it. */
export function holdsPath(outer: InputPath, inner: InputPath): boolean {
  return outer.length <= inner.length && outer.every((name, at) => name === inner[at]);
}

/** The paths without those that another holds, each once, sorted by their names. */
export function coverOf(paths: readonly InputPath[]): readonly InputPath[] {
  const cover: InputPath[] = [];
  for (const path of paths.toSorted(comparePaths)) {
    const last = cover.at(-1);
    // Sorted name by name, what a path holds follows it at once.
    if (last === undefined || !holdsPath(last, path)) cover.push(path);
  }
  return cover;
}

function comparePaths(left: InputPath, right: InputPath): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) {
    const [name = '', other = ''] = [left[at], right[at]];
    if (name !== other) return name < other ? -1 : 1;
  }
  return left.length - right.length;
}
