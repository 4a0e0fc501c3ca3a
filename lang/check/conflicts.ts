/**
 * Rules that cannot stand beside each other: kinds that differ, arities that differ, two defaults, a rule inside the extent of
 * another, a package inside a rule. Both places are reported.
 * Follows https://www.openpolicyagent.org/docs/policy-language#rules as OPA's compiler enforces it.
 */
import type { RelatedPlace } from '../diagnostic.ts';
import type { Source, Span } from '../source.ts';
import type { Report } from './report.ts';
import type { RuleEntry, RuleNode } from './rule-tree.ts';

/** A module's package, as far as conflicts are concerned. */
export interface PackagePlace {
  readonly source: Source;
  readonly span: Span;
  readonly path: readonly string[];
}

/** Reports every conflict of the set, one per place in the tree. */
export function checkConflicts(
  root: RuleNode,
  packages: readonly PackagePlace[],
  report: Report,
): void {
  const open: RuleNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const conflict = node.entries.length > 0 && checkNode(node, report);
    if (!conflict) open.push(...node.children.values());
  }
  checkPackages(root, packages, report);
}

function checkNode(node: RuleNode, report: Report): boolean {
  const [first, ...rest] = node.entries;
  if (!first) return false;
  const inside = conflictsInside(node);
  if (inside) {
    conflict(
      report,
      inside.owner,
      inside.inner,
      `\`${inside.inner.name}\` lies inside \`${inside.owner.name}\``,
      inside.help,
    );
    return true;
  }
  for (const entry of rest) {
    const reason = difference(first, entry);
    if (reason !== undefined) {
      conflict(
        report,
        entry,
        first,
        `conflicting rules for \`${placeName(first)}\`: ${reason}`,
        'give one of them another name',
      );
      return true;
    }
  }
  const defaults = node.entries.filter((entry) => entry.rule.isDefault);
  const [firstDefault, secondDefault] = defaults;
  if (firstDefault && secondDefault) {
    conflict(
      report,
      secondDefault,
      firstDefault,
      `\`${placeName(first)}\` has more than one default`,
      'keep one of the defaults',
    );
    return true;
  }
  return false;
}

function isGroundEntry(entry: RuleEntry): boolean {
  return entry.groundLength === entry.keys.length;
}

/** Why two rules of one place cannot stand together; undefined when they can. */
function difference(first: RuleEntry, other: RuleEntry): string | undefined {
  if (first.isMulti !== other.isMulti)
    return 'one is a set (`contains`), the other has a single value';
  if (first.arity !== other.arity) {
    return first.isFunction === other.isFunction
      ? `they take ${first.arity} and ${other.arity} arguments`
      : 'one is a function, the other is not';
  }
  if (first.isMulti && isGroundEntry(first) !== isGroundEntry(other)) {
    return 'one is a set, the other an object of sets';
  }
  if (!first.isMulti && isGroundEntry(first) !== isGroundEntry(other)) {
    return 'one gives the whole document, the other a part of it';
  }
  return undefined;
}

function conflictsInside(
  node: RuleNode,
): { readonly owner: RuleEntry; readonly inner: RuleEntry; readonly help: string } | undefined {
  if (node.children.size === 0) return undefined;
  const whole = node.entries.find(isGroundEntry);
  if (whole) {
    const inner = firstBelow(node, () => true);
    const help =
      'a rule without variables in its head gives the whole document: nothing can be added below it';
    return inner && { owner: whole, inner, help };
  }
  const [open] = node.entries;
  const inner = open && firstBelow(node, (entry) => entry.isFunction);
  if (!open || !inner) return undefined;
  return {
    owner: open,
    inner,
    help: 'a function cannot stand below a rule with variables in its head',
  };
}

function firstBelow(node: RuleNode, wanted: (entry: RuleEntry) => boolean): RuleEntry | undefined {
  const open = [...node.children.values()];
  for (let at = open.pop(); at; at = open.pop()) {
    const found = at.entries.find(wanted);
    if (found) return found;
    open.push(...at.children.values());
  }
  return undefined;
}

function placeName(entry: RuleEntry): string {
  return [
    'data',
    ...entry.keys.slice(0, entry.groundLength).map((key) => (key ?? '').slice(1)),
  ].join('.');
}

function conflict(
  report: Report,
  entry: RuleEntry,
  other: RuleEntry,
  message: string,
  help: string,
): void {
  const related: RelatedPlace[] = [
    {
      source: other.source,
      span: other.rule.head.span,
      message: `\`${other.name}\` is defined here`,
    },
  ];
  report.error('check/rule-conflict', entry.source, entry.rule.head.span, message, {
    help,
    related,
  });
}

function checkPackages(root: RuleNode, packages: readonly PackagePlace[], report: Report): void {
  const seen = new Set<string>();
  for (const place of packages) {
    let node: RuleNode | undefined = root;
    for (const part of place.path) node = node?.children.get(`s${part}`);
    const owner = node?.entries.find(
      (entry) => isGroundEntry(entry) && entry.package.length < place.path.length,
    );
    const key = place.path.join('\0');
    if (!owner || seen.has(key)) continue;
    seen.add(key);
    report.error(
      'check/rule-conflict',
      owner.source,
      owner.rule.head.span,
      `\`${owner.name}\` has the name of a package`,
      {
        help: 'rename the rule or the package',
        related: [
          { source: place.source, span: place.span, message: 'the package is declared here' },
        ],
      },
    );
  }
}
