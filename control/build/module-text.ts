/**
 * A policy as one stand-alone ES module: the engine's files it needs, its rules as text that is read when the module is loaded, and its
 * decision as code. Nothing makes functions when it runs, so it works where that is forbidden.
 */
import { join } from 'node:path';
import { codePrelude } from '../../engine/emit/code-prelude.ts';
import { stringLiteral } from '../../engine/emit/literal.ts';
import { type SourceMap, sourceMapOf } from '../../engine/emit/source-map.ts';
import { UnwritableError } from '../../engine/module/graph.ts';
import { type WrittenModule, writeModule } from '../../engine/module/write-module.ts';
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

/** The module named `file` of decisions by these packages. Throws `build/unwritable` and `build/unlinkable`. */
export function moduleText(
  policySet: PolicySet,
  packages: readonly string[],
  file: string,
): ModuleText {
  const written = writeOrRefuse(policySet, packages);
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
  const head = [
    '// Written by `sallyport build --target module`. Do not edit: build it again from the policies.',
    linked.text,
    `const { openModule } = ${linked.nameOf(opener)};`,
    ...codeHead(written),
  ].join('\n');
  const tail = [
    ...(written.code === undefined ? [] : ['};']),
    `const graph = JSON.parse(${stringLiteral(JSON.stringify(written.graph))});`,
    `const opened = openModule({ graph, make, digest: ${stringLiteral(written.digest)}, functions: { ${spread(false)} }, relations: { ${spread(true)} } });`,
    'export const revision = opened.revision;',
    'export const packages = opened.packages;',
    'export const decide = opened.decide;',
    `//# sourceMappingURL=${encodeURIComponent(file)}.map`,
    '',
  ].join('\n');
  const lines = written.code?.lines.join('\n') ?? '';
  const map = sourceMapOf(file, written.code?.sites ?? [], head.split('\n').length);
  const { interpreted } = written;
  return { text: `${head}\n${lines}\n${tail}`, map, interpreted, packages: linked.packages };
}

function codeHead({ code }: WrittenModule): readonly string[] {
  if (code === undefined) return ['const make = undefined;'];
  return ['const make = (R, K, P) => {', codePrelude(code)];
}

function writeOrRefuse(policySet: PolicySet, packages: readonly string[]): WrittenModule {
  try {
    return writeModule(policySet, packages);
  } catch (cause) {
    if (cause instanceof UnwritableError)
      throw new ControlError('build/unwritable', cause.message, { cause });
    throw cause;
  }
}
