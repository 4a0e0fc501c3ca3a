/** Whether what is called exists, takes that many arguments, yields a value where one is needed, and is supported here. */
import type { Source } from '../source.ts';
import { suggest } from '../suggest.ts';
import type { LoweredCallee, Step } from './lowered.ts';
import type { CheckOptions } from './options.ts';
import type { ArityOf } from './outputs.ts';
import { refusal } from './refused.ts';
import type { Report } from './report.ts';
import type { RuleNode } from './rule-tree.ts';
import { findNode } from './rule-tree.ts';
import { builtinArity } from './signatures.ts';
import { eachStep } from './steps.ts';

export interface CallCheck {
  readonly options: CheckOptions;
  readonly tree: RuleNode;
  readonly report: Report;
  readonly arityOf: ArityOf;
  /** Builtins some `with` of the set replaces. */
  readonly mocked: ReadonlySet<string>;
  /** Names of all functions of the set, for suggestions. */
  readonly functionNames: () => readonly string[];
}

/** The arity of what is called, from the builtins and the rule tree. */
export function makeArityOf(options: CheckOptions, tree: RuleNode): ArityOf {
  return (callee) => {
    if (callee.kind === 'builtin') return builtinArity(options.builtins, callee.name);
    if (callee.kind === 'unknown') return undefined;
    return findNode(tree, callee.path)?.entries[0]?.arity;
  };
}

/** Reports faulty calls of a body; true when there were any. */
export function checkCalls(check: CallCheck, source: Source, body: readonly Step[]): boolean {
  const before = check.report.errorCount();
  eachStep(body, (step) => {
    if (step.form.kind === 'call') checkCall(check, source, step, step.form.callee);
  });
  return check.report.errorCount() > before;
}

function checkCall(check: CallCheck, source: Source, step: Step, callee: LoweredCallee): void {
  const { form } = step;
  if (form.kind !== 'call' || form.shape.kind === 'template') return;
  const { options, report } = check;
  const arity = check.arityOf(callee);
  if (arity === undefined) {
    const known = callee.kind === 'unknown' ? refusal(callee.name, undefined) : undefined;
    if (known) report.error(known.code, source, callee.span, known.message, { help: known.help });
    else reportUnknown(check, source, callee);
    return;
  }
  if (arity === 0 && callee.kind === 'function') {
    report.error(
      'check/unknown-function',
      source,
      callee.span,
      `\`${callee.name}\` is a rule, not a function`,
      { help: 'read it without parentheses; a function has at least one parameter' },
    );
    return;
  }
  const signature = callee.kind === 'builtin' ? options.builtins.get(callee.name) : undefined;
  const given = form.args.length;
  const fits = form.output ? given === arity : given === arity || given === arity + 1;
  if (!fits && !signature?.variadic) {
    report.error(
      'check/arity',
      source,
      step.span,
      `${label(callee)} takes ${count(arity)}, not ${given}`,
      {
        ...arityHelp(options, callee),
      },
    );
    return;
  }
  const isEquation = callee.kind === 'builtin' && callee.name === 'eq';
  if (isEquation && given > arity) {
    report.error(
      'check/arity',
      source,
      step.span,
      `${label(callee)} takes ${count(arity)}, not ${given}`,
    );
    return;
  }
  if (form.output && signature && (isEquation || signature.result === undefined)) {
    report.error('check/void-value', source, step.span, `\`${callee.name}\` yields no value`, {
      help: isEquation ? 'write `==`' : 'call it as a statement of its own',
    });
  }
  if (callee.kind !== 'builtin') return;
  const refused = refusal(callee.name, signature);
  if (!refused || options.provided?.has(callee.name)) return;
  if (options.allowMocked && check.mocked.has(callee.name)) return;
  report.error(refused.code, source, callee.span, refused.message, { help: refused.help });
}

function label(callee: LoweredCallee): string {
  return `${callee.kind === 'builtin' ? 'builtin' : 'function'} \`${callee.name}\``;
}

function count(arity: number): string {
  return arity === 1 ? '1 argument' : `${arity} arguments`;
}

function arityHelp(options: CheckOptions, callee: LoweredCallee): { readonly help?: string } {
  const signature = callee.kind === 'builtin' ? options.builtins.get(callee.name) : undefined;
  if (!signature) return {};
  const names = signature.args.map((arg, at) => String(arg['name'] ?? `argument ${at + 1}`));
  return { help: `its arguments are: ${names.length > 0 ? names.join(', ') : 'none'}` };
}

function reportUnknown(check: CallCheck, source: Source, callee: LoweredCallee): void {
  const known =
    callee.kind === 'function'
      ? check.functionNames()
      : [...check.options.builtins.keys(), ...check.functionNames().map(lastPart)];
  const near = suggest(callee.name, known) ?? sameLastPart(callee.name, known);
  const help =
    near === undefined
      ? 'define it, import it, or check it together with the policy that has it'
      : `did you mean \`${near}\`?`;
  check.report.error(
    'check/unknown-function',
    source,
    callee.span,
    `there is no function \`${callee.name}\``,
    { help },
  );
}

/** The one name that ends like it: `string.startswith` for `startswith`, `split_n` of another package. */
function sameLastPart(name: string, known: readonly string[]): string | undefined {
  const part = lastPart(name);
  const found = known.filter((candidate) => lastPart(candidate) === part && candidate !== name);
  return found.length === 1 ? found[0] : undefined;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
