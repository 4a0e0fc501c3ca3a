/** What `with` may replace, and by what. Follows https://www.openpolicyagent.org/docs/policy-language#with-keyword. */
import type { Source } from '../source.ts';
import type { LoweredRef, LoweredTerm, LoweredWith, Step } from './lowered.ts';
import type { CheckOptions } from './options.ts';
import { refusal } from './refused.ts';
import type { Report } from './report.ts';
import type { RuleNode } from './rule-tree.ts';
import { findNode, isFunctionAt, stringKey } from './rule-tree.ts';
import type { BuiltinSignature } from './signatures.ts';
import { METADATA_CHAIN, METADATA_RULE, OPERATOR_BUILTINS } from './signatures.ts';
import { eachStep } from './steps.ts';

const OPERATORS: ReadonlySet<string> = new Set(Object.values(OPERATOR_BUILTINS));

export interface WithCheck {
  readonly options: CheckOptions;
  readonly tree: RuleNode;
  readonly report: Report;
}

/** The builtin a target names; undefined for documents. */
export function targetBuiltin(target: LoweredRef): string | undefined {
  const head = target.head.name;
  if (head === 'data' || head === 'input') return undefined;
  const parts = [head];
  for (const { term } of target.path) {
    if (term.kind !== 'scalar' || term.node.kind !== 'String') return head;
    parts.push(term.node.value);
  }
  return parts.join('.');
}

/** Reports faulty `with` modifiers of a body and notes which replace functions; true when there were faults. */
export function checkWithTargets(check: WithCheck, source: Source, body: readonly Step[]): boolean {
  const before = check.report.errorCount();
  const seen = new Set<LoweredWith>();
  eachStep(body, (step) => {
    for (const modifier of step.with) {
      if (seen.has(modifier)) continue;
      seen.add(modifier);
      checkOne(check, source, modifier);
    }
  });
  return check.report.errorCount() > before;
}

function checkOne(check: WithCheck, source: Source, modifier: LoweredWith): void {
  const { target, value, span } = modifier;
  const head = target.head.name;
  const isFunction = isFunctionValue(check, value);
  if (head === 'input' || head === 'data') {
    const path = stringPath(target);
    if (path === undefined) {
      const message = 'the place that a `with` replaces must be written out, in strings';
      check.report.error('check/with-target', source, target.span, message, {
        help: `OPA fails here when it runs; replace \`${head}\` by an \`object.union\` with the changed part`,
      });
      return;
    }
    const replaces = head === 'data' && isFunctionAt(check.tree, path);
    if (isFunction && !replaces) {
      check.report.error(
        'check/with-target',
        source,
        span,
        'a function cannot take the place of a document',
        {
          help: 'replace a function with it, or call it',
        },
      );
    }
    if (head === 'data') checkPartial(check, source, target);
    modifier.replacesFunction = isFunction;
    checkRefusedValue(check, source, value);
    return;
  }
  const name = targetBuiltin(target) ?? head;
  const signature = check.options.builtins.get(name);
  const reason = forbidden(name, signature);
  if (reason !== undefined) {
    check.report.error(
      'check/with-target',
      source,
      span,
      `\`with\` cannot replace \`${name}\`: ${reason.why}`,
      {
        help: reason.help,
      },
    );
    return;
  }
  modifier.replacesFunction = isFunction;
  checkRefusedValue(check, source, value);
}

function checkPartial(check: WithCheck, source: Source, target: LoweredRef): void {
  let node: RuleNode | undefined = check.tree;
  for (const { term } of target.path.slice(0, -1)) {
    if (term.kind !== 'scalar' || term.node.kind !== 'String') return;
    node = node.children.get(stringKey(term.node.value));
    if (!node) return;
    const [entry] = node.entries;
    if (!entry) continue;
    check.report.error(
      'check/with-target',
      source,
      target.span,
      `\`with\` cannot replace a part of \`${entry.name}\``,
      {
        help: 'replace the whole rule',
        related: [
          { source: entry.source, span: entry.rule.head.span, message: 'the rule is defined here' },
        ],
      },
    );
    return;
  }
}

/** A value that is the name of a refused builtin is refused like a call of it. */
function checkRefusedValue(check: WithCheck, source: Source, value: LoweredTerm): void {
  if (value.kind !== 'ref') return;
  const name = targetBuiltin(value);
  const refused = name === undefined ? undefined : refusal(name, check.options.builtins.get(name));
  if (!refused || check.options.provided?.has(name ?? '')) return;
  check.report.error(refused.code, source, value.span, refused.message, { help: refused.help });
}

function stringPath(ref: LoweredRef): readonly string[] | undefined {
  const path: string[] = [];
  for (const { term } of ref.path) {
    if (term.kind !== 'scalar' || term.node.kind !== 'String') return undefined;
    path.push(term.node.value);
  }
  return path;
}

function isFunctionValue(check: WithCheck, value: LoweredTerm): boolean {
  if (value.kind !== 'ref') return false;
  if (value.head.name !== 'data')
    return value.head.name !== 'input' && targetBuiltin(value) !== undefined;
  const path = stringPath(value);
  return (
    path !== undefined && findNode(check.tree, path) !== undefined && isFunctionAt(check.tree, path)
  );
}

function forbidden(
  name: string,
  signature: BuiltinSignature | undefined,
): { readonly why: string; readonly help: string } | undefined {
  if (
    name === 'eq' ||
    name === METADATA_CHAIN ||
    name === METADATA_RULE ||
    name.startsWith('internal.')
  ) {
    return {
      why: 'it is no function that could be replaced',
      help: 'replace what it is applied to',
    };
  }
  if (OPERATORS.has(name)) {
    return {
      why: 'operators cannot be replaced here, though OPA allows it',
      help: 'put the operation into a function and replace that',
    };
  }
  if (!signature) {
    return {
      why: 'nothing of that name exists',
      help: 'a target is `input`, `data`, a path below them, or a function',
    };
  }
  if (signature.relation) {
    return {
      why: 'it can yield several values',
      help: 'put the call into a function and replace that',
    };
  }
  if (signature.result === undefined) {
    return { why: 'it yields no value', help: 'remove the replacement' };
  }
  return undefined;
}
