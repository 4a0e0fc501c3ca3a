/**
 * A policy as one stand-alone ES module: the engine's files it needs, its rules as text that is read when the module is loaded, and its
 * decision as code. Nothing makes functions when it runs, so it works where that is forbidden.
 */
import { join } from 'node:path';
import { codePrelude } from '../../engine/emit/code-prelude.ts';
import { stringLiteral } from '../../engine/emit/literal.ts';
import { type SourceMap, sourceMapOf } from '../../engine/emit/source-map.ts';
import { UnwritableError } from '../../engine/module/graph.ts';
import {
  type ModuleContract,
  type WrittenModule,
  type WrittenPart,
  writeModule,
} from '../../engine/module/write-module.ts';
import type { Site } from '../../engine/plan/ir.ts';
import type { PolicySet } from '../../engine/policy-set.ts';
import { ControlError } from '../error.ts';
import { linkModules } from './link-modules.ts';

const ENGINE = join(import.meta.dirname, '../../engine');

export interface ModuleText {
  readonly text: string;
  readonly map: SourceMap;
  /** Why the module interprets its policies, which is slow; undefined when it holds their code. */
  readonly interpreted: string | undefined;
  /** Packages that must be installed where the module runs; most policies need none. */
  readonly packages: readonly string[];
}

/** The module named `file` of these decisions and documents. Throws `build/unwritable` and `build/unlinkable`. */
export function moduleText(
  policySet: PolicySet,
  contract: ModuleContract,
  file: string,
): ModuleText {
  const written = writeOrRefuse(policySet, contract);
  const opener = join(ENGINE, 'module/open-module.ts');
  const familyFile = (name: string): string => join(ENGINE, 'builtins', name);
  const linked = linkModules([opener, ...written.families.map((each) => familyFile(each.file))]);
  const families = written.families.map(
    (each) => [each.name, `...${linked.nameOf(familyFile(each.file))}.${each.name}`] as const,
  );
  const spread = (isRelation: boolean): string =>
    families
      .filter(([name]) => (name === 'RELATIONS') === isRelation)
      .map(([, part]) => part)
      .join(', ');
  const out = new MappedLines();
  out.add(
    '// Written by `sallyport build --target module`. Do not edit: build it again from the policies.',
    linked.text,
    `const { openModule } = ${linked.nameOf(opener)};`,
  );
  addPart(out, 'make', written.decision);
  addPart(out, 'makeDocuments', written.documents);
  const documents = `{ make: makeDocuments, digest: ${stringLiteral(written.documents.digest)} }`;
  out.add(
    `const graph = JSON.parse(${stringLiteral(JSON.stringify(written.graph))});`,
    `const opened = openModule({ graph, make, digest: ${stringLiteral(written.decision.digest)}, documents: ${documents}, functions: { ${spread(false)} }, relations: { ${spread(true)} } });`,
    'export const revision = opened.revision;',
  );
  if (contract.packages.length > 0)
    out.add('export const packages = opened.packages;', 'export const decide = opened.decide;');
  if (contract.entrypoints.length > 0)
    out.add(
      'export const entrypoints = opened.entrypoints;',
      'export const evaluate = opened.evaluate;',
    );
  out.add(`//# sourceMappingURL=${encodeURIComponent(file)}.map`, '');
  return {
    text: out.lines.join('\n'),
    map: sourceMapOf(file, out.sites, 0),
    interpreted: written.decision.interpreted ?? written.documents.interpreted,
    packages: linked.packages,
  };
}

/** Lines with the places in policies they stand for. */
class MappedLines {
  readonly lines: string[] = [];
  readonly sites: (Site | undefined)[] = [];

  /** Adds texts that stand for nothing in a policy. */
  add(...texts: readonly string[]): void {
    for (const line of texts.flatMap((text) => text.split('\n'))) this.addLine(line, undefined);
  }

  addLine(line: string, site: Site | undefined): void {
    this.lines.push(line);
    this.sites.push(site);
  }
}

function addPart(out: MappedLines, name: string, { code }: WrittenPart): void {
  if (code === undefined) {
    out.add(`const ${name} = undefined;`);
    return;
  }
  out.add(`const ${name} = (R, K, P) => {`, codePrelude(code));
  for (const [at, line] of code.lines.entries()) out.addLine(line, code.sites[at]);
  out.add('};');
}

function writeOrRefuse(policySet: PolicySet, contract: ModuleContract): WrittenModule {
  try {
    return writeModule(policySet, contract);
  } catch (cause) {
    if (cause instanceof UnwritableError)
      throw new ControlError('build/unwritable', cause.message, { cause });
    throw cause;
  }
}
