/**
 * Compiled code of a policy set, made when it is first asked for: one program for what the set itself replaces with `with`, and
 * others for queries that replace more.
 */
import type { Body, Call } from '../../lang/ast/nodes.ts';
import type { Callee, CheckedModuleSet } from '../../lang/check/checked.ts';
import type { Group } from '../plan/ir.ts';
import { type PlanInput, ProgramPlanner } from '../plan/plan-program.ts';
import { Unplannable } from '../plan/planner.ts';
import {
  joinReplaceable,
  type Replaceable,
  replaceableBy,
  replaceableKey,
} from '../plan/replaceable.ts';
import { emitProgram, emitQuery } from './emit-program.ts';
import type { GeneratedFunctions, GeneratedQuery, LinkedProgram } from './linked-program.ts';
import { runGenerated } from './make-function.ts';

/** What is compiled. */
export type CompileInput = Omit<PlanInput, 'replaceable' | 'modules'> & {
  readonly modules: CheckedModuleSet;
};

/** A query with the names of the variables it gives values to, in their order. */
export interface CompiledQuery {
  readonly program: LinkedProgram;
  readonly run: GeneratedQuery['query'];
  readonly names: readonly string[];
}

interface Compiled {
  readonly planner: ProgramPlanner;
  readonly groups: readonly Group[];
  readonly program: LinkedProgram;
}

export class CompiledSet {
  readonly #input: CompileInput;
  readonly #own: Replaceable;
  readonly #programs = new Map<string, Compiled>();
  readonly #queries = new WeakMap<Body, CompiledQuery>();

  constructor(input: CompileInput) {
    this.#input = input;
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
    const program: LinkedProgram = {
      groups: planned.groups.map((group) => ({
        ...group,
        rules: group.rules.map(({ rule }) => rule),
        fallbacks: group.fallbacks.map(({ rule }) => rule),
      })),
      byPath: planned.byPath,
      functions: runGenerated(code) as GeneratedFunctions,
      interpreted: planned.groups.find(({ interpreted }) => interpreted !== undefined)?.interpreted,
      source: code.lines.join('\n'),
    };
    return { planner, groups: planned.groups, program };
  }
}
