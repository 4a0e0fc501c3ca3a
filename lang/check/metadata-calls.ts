/**
 * `rego.metadata.chain()` and `rego.metadata.rule()` depend on where they stand, so they are replaced here by the document
 * they yield, as OPA does when it compiles.
 */
import type { Rule } from '../ast/nodes.ts';
import type { Span } from '../source.ts';
import type { AnnotationLink, AnnotationSet } from './annotation.ts';
import { annotationDocument } from './annotation.ts';
import type { LoweredTerm, Scalar, Step } from './lowered.ts';
import { floatText } from './metadata-yaml.ts';
import { METADATA_CHAIN, METADATA_RULE } from './signatures.ts';
import { eachStep } from './steps.ts';

/** Replaces the calls of a body in place. */
export function replaceMetadataCalls(body: readonly Step[], rule: Rule, set: AnnotationSet): void {
  eachStep(body, (step) => {
    const { form } = step;
    if (form.kind !== 'call') return;
    const { name } = form.callee;
    if (form.args.length > (form.output ? 0 : 1)) return;
    if (name !== METADATA_CHAIN && name !== METADATA_RULE) return;
    const isElse = rule.else.some(({ span }) => holds(span, step.span));
    const links = isElse ? set.chain(rule).map(withoutRuleBlock) : set.chain(rule);
    const said = isElse ? {} : ruleOf(rule, set);
    const value = constant(name === METADATA_CHAIN ? chainOf(links) : said, step.span);
    const output = form.output ?? form.args[0];
    step.form = output
      ? { kind: 'eq', left: output, right: value, assign: false, some: undefined }
      : { kind: 'term', term: value };
  });
}

function chainOf(links: readonly AnnotationLink[]): unknown {
  return links.map(({ path, annotation }) =>
    annotation ? { path, annotations: annotationDocument(annotation) } : { path },
  );
}

/** A block of scope `rule` says nothing of the `else` branches, as OPA has it. */
function withoutRuleBlock(link: AnnotationLink): AnnotationLink {
  return link.annotation?.scope === 'rule' ? { ...link, annotation: undefined } : link;
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The block nearest to the file's beginning, as OPA takes it. */
function ruleOf(rule: Rule, set: AnnotationSet): unknown {
  const [first] = set.ofRule(rule).filter(({ scope }) => scope === 'rule');
  return first ? annotationDocument(first) : {};
}

function constant(value: unknown, span: Span): LoweredTerm {
  if (Array.isArray(value)) {
    return { kind: 'array', span, items: value.map((item) => constant(item, span)) };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({
      span,
      key: scalar({ kind: 'String', span, value: key, raw: false }),
      value: constant(item, span),
    }));
    return { kind: 'object', span, entries };
  }
  if (typeof value === 'boolean') return scalar({ kind: 'Boolean', span, value });
  if (typeof value === 'bigint') return scalar({ kind: 'Number', span, text: String(value) });
  if (typeof value === 'number') return scalar({ kind: 'Number', span, text: floatText(value) });
  if (typeof value === 'string') return scalar({ kind: 'String', span, value, raw: false });
  return scalar({ kind: 'Null', span });
}

function scalar(node: Scalar): LoweredTerm {
  return { kind: 'scalar', span: node.span, node };
}
