/**
 * Compiled code of a policy set, made when it is first asked for: one program for what the set itself replaces with `with`, and
 * others for queries that replace more.
 */
import type { Body, Call } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedModuleSet, CheckedRule } from '../../lang/check/checked.ts';
import { isStockBuiltin } from '../builtins/builtin-table.ts';
import type { BuiltinTable } from '../builtins/registry.ts';
import { DecisionAnswers } from '../decision/decision-answers.ts';
import type { RuleNode } from '../interpret/rule-tree.ts';
import { type DataSearch, dataSearches } from '../plan/data-searches.ts';
import type { Group, Program } from '../plan/ir.ts';
import { type PlanInput, ProgramPlanner } from '../plan/plan-program.ts';
import { Unplannable } from '../plan/planner.ts';
import {
  joinReplaceable,
  type Replaceable,
  replaceableBy,
  replaceableKey,
} from '../plan/replaceable.ts';
import { planWatch, type WatchedRule } from '../plan/watch-plan.ts';
import type { ReadableRules } from '../reads/static-reads.ts';
import { blocksOf, type DecisionCode, decisionCode } from './decision-code.ts';
import { type DocumentsCode, documentsCode } from './documents-code.ts';
import { emitProgram, emitQuery } from './emit-program.ts';
import { emitWatch } from './emit-watch.ts';
import {
  type GeneratedDecision,
  type GeneratedFunctions,
  type GeneratedQuery,
  type GeneratedWatch,
  type LinkedProgram,
  linkProgram,
} from './linked-program.ts';
import { runGenerated } from './make-function.ts';

/** What is compiled. */
export type CompileInput = Omit<PlanInput, 'replaceable' | 'modules' | 'builtins' | 'ofHost'> & {
  readonly modules: CheckedModuleSet;
  readonly builtins: BuiltinTable;
};

/** A query with the names of the variables it gives values to, in their order. */
export interface CompiledQuery {
  readonly program: LinkedProgram;
  readonly run: GeneratedQuery['query'];
  readonly names: readonly string[];
}

/** Decisions by one list of packages, as code. */
export interface LinkedDecision {
  readonly program: LinkedProgram;
  readonly decide: GeneratedDecision['decide'];
  /** Paths of the documents it asks for, at which no data may stand. */
  readonly documents: readonly (readonly string[])[];
  readonly searches: readonly DataSearch[];
}

/** Rules that are watched, as code. */
export interface LinkedWatch {
  readonly program: LinkedProgram;
  readonly forms: GeneratedWatch['watched'];
  readonly rules: ReadonlyMap<CheckedRule, WatchedRule>;
}

interface Compiled {
  readonly planner: ProgramPlanner;
  readonly groups: readonly Group[];
  readonly program: LinkedProgram;
}

export class CompiledSet {
  readonly #input: Omit<PlanInput, 'replaceable'> & CompileInput;
  readonly #own: Replaceable;
  readonly #programs = new Map<string, Compiled>();
  readonly #decisions = new Map<string, LinkedDecision | string>();
  #watch: { readonly key: string; readonly linked: LinkedWatch | string } | undefined;
  readonly #queries = new WeakMap<Body, CompiledQuery>();

  constructor(input: CompileInput) {
    const ofHost = [...input.builtins.values()].filter((builtin) => !isStockBuiltin(builtin));
    this.#input = { ...input, ofHost: new Set(ofHost.map(({ name }) => name)) };
    const rules = input.modules.modules.flatMap((module) => module.rules);
    this.#own = replaceableBy(rules.map(({ rule }) => rule));
  }

  /** The program of the set. */
  program(): LinkedProgram {
    return this.#compiled(this.#own).program;
  }

  /** A query as code; undefined when the interpreter has to answer it. */
  query(body: Body, callees: ReadonlyMap<Call, Callee>): CompiledQuery | undefined {
    const known = this.#queries.get(body);
    if (known !== undefined) return known;
    const compiled = this.#compiled(joinReplaceable(this.#own, replaceableBy([body])));
    try {
      const planned = compiled.planner.planQuery(body, callees);
      const code = emitQuery(planned, compiled.groups);
      const { query } = runGenerated(code, compiled.program.functions) as GeneratedQuery;
      const made = { program: compiled.program, run: query, names: planned.names };
      this.#queries.set(body, made);
      return made;
    } catch (cause) {
      if (cause instanceof Unplannable) return undefined;
      throw cause;
    }
  }

  /** Data that documents of the set look up by a member. */
  searches(): readonly DataSearch[] {
    return dataSearches(blocksOf(this.#compiled(this.#own)));
  }

  /** Decisions by these packages as code; a sentence that says why, when the interpreter has to decide. */
  decision(
    rules: ReadableRules & { readonly revision: string },
    packages: readonly string[],
  ): LinkedDecision | string {
    const key = packages.join('\0');
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const made = this.#compileDecision(rules, packages);
    this.#decisions.set(key, made);
    return made;
  }

  #compileDecision(
    rules: ReadableRules & { readonly revision: string },
    packages: readonly string[],
  ): LinkedDecision | string {
    const made = this.decisionCode(rules, packages);
    if (typeof made === 'string') return made;
    const { plan, program: reached, code, reads, searches } = made;
    const answers = new DecisionAnswers(plan, rules.revision, reads);
    const functions = runGenerated(code, answers) as GeneratedDecision;
    const program = linkProgram(reached, functions, code.lines);
    const documents = plan.documents.map(({ path }) => path);
    return { program, decide: functions.decide, documents, searches };
  }

  /** The definitions of some documents, watched; why the interpreter has to be. What was asked for last is kept. */
  watch(nodes: readonly RuleNode[]): LinkedWatch | string {
    const key = nodes.map(({ path }) => path.join('\0')).join('\0\0');
    if (this.#watch?.key !== key) this.#watch = { key, linked: this.#compileWatch(nodes) };
    return this.#watch.linked;
  }

  #compileWatch(nodes: readonly RuleNode[]): LinkedWatch | string {
    const planner = new ProgramPlanner({ ...this.#input, replaceable: this.#own });
    try {
      const definitions = nodes.flatMap((node) => planner.watchedDefinitions(node));
      const { forms, rules } = planWatch(definitions);
      const planned = planner.planReachable(forms.map(({ block }) => block));
      const code = emitWatch(forms, planned);
      const functions = runGenerated(code) as GeneratedWatch;
      const program = linkProgram(planned, functions, code.lines);
      if (program.interpreted !== undefined) return program.interpreted;
      const byRule = new Map(rules.map((watched) => [watched.rule, watched]));
      return { program, forms: functions.watched, rules: byRule };
    } catch (cause) {
      if (cause instanceof Unplannable) return cause.message;
      throw cause;
    }
  }

  /** The plan of all rules, for readers. */
  plannedProgram(): Program {
    return new ProgramPlanner({ ...this.#input, replaceable: this.#own }).plan();
  }

  /** The code of such decisions, not made into functions; why there is none. */
  decisionCode(rules: ReadableRules, packages: readonly string[]): DecisionCode | string {
    return decisionCode({ ...this.#input, replaceable: this.#own }, rules, packages);
  }

  /** The code of the documents at these nodes, not made into functions; why there is none. */
  documentsCode(nodes: readonly RuleNode[]): DocumentsCode | string {
    return documentsCode({ ...this.#input, replaceable: this.#own }, nodes);
  }

  #compiled(replaceable: Replaceable): Compiled {
    const key = replaceableKey(replaceable);
    let compiled = this.#programs.get(key);
    if (compiled === undefined) {
      compiled = this.#compile(replaceable);
      this.#programs.set(key, compiled);
    }
    return compiled;
  }

  #compile(replaceable: Replaceable): Compiled {
    const planner = new ProgramPlanner({ ...this.#input, replaceable });
    const planned = planner.plan();
    const code = emitProgram(planned);
    const program = linkProgram(planned, runGenerated(code) as GeneratedFunctions, code.lines);
    return { planner, groups: planned.groups, program };
  }
}
