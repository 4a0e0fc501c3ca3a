/** Packages that guard resources, and that no policy has: most often their name is misspelt. */
import type { PolicySet } from '../../engine/policy-set.ts';
import { suggest } from '../../lang/suggest.ts';

export interface MissingPackage {
  readonly name: string;
  /** What to do about it. */
  readonly help: string;
}

/** Those of the wanted packages that are missing. */
export function missingPackages(
  policySet: Pick<PolicySet, 'modules'>,
  wanted: Iterable<string>,
): readonly MissingPackage[] {
  const known = new Set(
    policySet.modules.modules.map(({ module }) => module.package.path.join('.')),
  );
  return [...new Set(wanted)]
    .filter((name) => !known.has(name))
    .map((name) => {
      const close = suggest(name, known);
      const help =
        close === undefined ? 'check `policies:` of the resource' : `did you mean \`${close}\`?`;
      return { name, help };
    });
}
