/** METADATA blocks attached to what follows them, and the set of them that rules are asked about. */
import type { Rule } from '../ast/nodes.ts';
import type { Annotation, AnnotationLink, AnnotationScope, AnnotationSet } from './annotation.ts';
import { metadataBlocks } from './metadata-block.ts';
import { readFields } from './metadata-fields.ts';
import type { ParsedModule } from './parsed.ts';
import type { Report } from './report.ts';
import { describeRule } from './rule-tree.ts';

const SCOPES: ReadonlySet<string> = new Set(['rule', 'document', 'package', 'subpackages']);

type Target =
  | { readonly kind: 'rule'; readonly rule: Rule; readonly path: readonly string[] }
  | { readonly kind: 'package'; readonly path: readonly string[] }
  | { readonly kind: 'import' };

interface Gathered {
  readonly all: Annotation[];
  readonly byRule: Map<Rule, Annotation[]>;
  readonly documents: Map<string, Annotation>;
  readonly packages: Map<string, Annotation>;
  readonly subpackages: Map<string, Annotation>;
}

/** Reads the blocks of all modules; faults go to the report. */
export function gatherAnnotations(modules: readonly ParsedModule[], report: Report): AnnotationSet {
  const gathered: Gathered = {
    all: [],
    byRule: new Map(),
    documents: new Map(),
    packages: new Map(),
    subpackages: new Map(),
  };
  const homes = new Map<Rule, ParsedModule>();
  for (const parsed of modules) {
    const { module, source } = parsed;
    for (const rule of module.rules) homes.set(rule, parsed);
    for (const block of metadataBlocks(module, source)) {
      const { fields, fault } =
        block.fault === undefined
          ? readFields(block.value)
          : { fields: undefined, fault: block.fault };
      const target = following(parsed, block.span.start);
      if (!fields) {
        report.error(
          'check/metadata',
          source,
          block.span,
          `the METADATA block cannot be read: ${fault}`,
        );
        continue;
      }
      const scope = fields.scope ?? defaultScope(target, fields.entrypoint);
      const wrong = misplaced(scope, target, fields.entrypoint);
      if (wrong !== undefined || !isScope(scope)) {
        const message = wrong ?? `\`${scope}\` is not a scope of METADATA`;
        report.error('check/metadata', source, block.span, message, { help: misplacedHelp(scope) });
        continue;
      }
      add(gathered, { ...fields, source, span: block.span, scope }, target, report);
    }
  }
  return makeSet(gathered, homes);
}

function isScope(scope: string): scope is AnnotationScope {
  return SCOPES.has(scope);
}

function groundPath(rule: Rule, parsed: ParsedModule): readonly string[] {
  const entry = describeRule(rule, parsed.source, parsed.module.package.path);
  return entry.keys.slice(0, entry.groundLength).map((key) => (key ?? '').slice(1));
}

/** The first statement after the block. */
function following(parsed: ParsedModule, from: number): Target | undefined {
  const { module } = parsed;
  if (module.package.span.start > from) return { kind: 'package', path: module.package.path };
  const rule = module.rules.find((candidate) => candidate.span.start > from);
  const imported = module.imports.find((candidate) => candidate.span.start > from);
  if (imported && (!rule || imported.span.start < rule.span.start)) return { kind: 'import' };
  return rule && { kind: 'rule', rule, path: groundPath(rule, parsed) };
}

function defaultScope(target: Target | undefined, entrypoint: boolean): string {
  if (target?.kind === 'rule') return entrypoint ? 'document' : 'rule';
  return target?.kind ?? 'rule';
}

function misplaced(
  scope: string,
  target: Target | undefined,
  entrypoint: boolean,
): string | undefined {
  if (target?.kind === 'import') return 'METADATA stands before an import, which has none';
  if (!isScope(scope)) return `\`${scope}\` is not a scope of METADATA`;
  const wanted = scope === 'rule' || scope === 'document' ? 'rule' : 'package';
  if (target?.kind !== wanted)
    return `METADATA of scope \`${scope}\` must stand before a ${wanted}`;
  if (entrypoint && scope !== 'document' && scope !== 'package') {
    return `an entrypoint cannot have the scope \`${scope}\``;
  }
  return undefined;
}

function misplacedHelp(scope: string): string {
  if (scope === 'rule' || scope === 'document') return 'write the block directly above its rule';
  if (scope === 'package' || scope === 'subpackages')
    return 'write the block above the `package` line, or give it another scope';
  return 'the scopes are `rule`, `document`, `package` and `subpackages`';
}

function add(
  gathered: Gathered,
  annotation: Annotation,
  target: Target | undefined,
  report: Report,
): void {
  gathered.all.push(annotation);
  if (target?.kind === 'rule') {
    const known = gathered.byRule.get(target.rule);
    if (known) known.push(annotation);
    else gathered.byRule.set(target.rule, [annotation]);
  }
  if (annotation.scope === 'rule' || !target || target.kind === 'import') return;
  const tables = {
    document: gathered.documents,
    package: gathered.packages,
    subpackages: gathered.subpackages,
  };
  const table = tables[annotation.scope];
  const key = target.path.join('\0');
  const first = table.get(key);
  if (!first) {
    table.set(key, annotation);
    return;
  }
  report.error(
    'check/metadata',
    annotation.source,
    annotation.span,
    `\`${['data', ...target.path].join('.')}\` has METADATA of scope \`${annotation.scope}\` already`,
    {
      help: 'keep one of the blocks',
      related: [{ source: first.source, span: first.span, message: 'the first block is here' }],
    },
  );
}

function makeSet(gathered: Gathered, homes: ReadonlyMap<Rule, ParsedModule>): AnnotationSet {
  const chain = (rule: Rule): readonly AnnotationLink[] => {
    const home = homes.get(rule);
    const path = home === undefined ? [] : groundPath(rule, home);
    const pkg = home?.module.package.path ?? [];
    const own = (gathered.byRule.get(rule) ?? []).filter(({ scope }) => scope === 'rule');
    const links: AnnotationLink[] =
      own.length > 0
        ? [...own].reverse().map((annotation) => ({ path, annotation }))
        : [{ path, annotation: undefined }];
    const link = (at: readonly string[], found: Annotation | undefined): void => {
      if (found) links.push({ path: at, annotation: found });
    };
    link(path, gathered.documents.get(path.join('\0')));
    link(pkg, gathered.packages.get(pkg.join('\0')));
    for (let length = pkg.length; length > 0; length -= 1) {
      const outer = pkg.slice(0, length);
      link(outer, gathered.subpackages.get(outer.join('\0')));
    }
    return links;
  };
  return { all: gathered.all, ofRule: (rule) => gathered.byRule.get(rule) ?? [], chain };
}
