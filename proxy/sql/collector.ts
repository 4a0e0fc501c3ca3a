/**
 * Gathers the facts of one statement while its tree is walked, and hands them out at the end. Bounded by the size of the text.
 */
import type {
  ActionClass,
  SqlFunction,
  SqlStatement,
  SqlTable,
  TableAccess,
} from '../../engine/contract/input.ts';
import type { AttributeFact, MoveTarget, ReadFacts, RelationName } from './facts.ts';
import { isPure, knownFunction } from './functions.ts';
import { worseClass } from './statements.ts';
import { type OutputColumns, Steering } from './steering.ts';

/** Where in the statement a node stands. */
export interface Place {
  /** Names of the common table expressions in scope. */
  readonly ctes: ReadonlySet<string>;
  /** What happens to a relation named here. */
  readonly access: TableAccess;
  /** What is read here decides rows, groups or their order. */
  readonly filter: boolean;
  /** What is read here may flow into what the statement writes. */
  readonly flow: boolean;
  /** False inside a plain EXPLAIN or a definition: it is named, not run. */
  readonly runs: boolean;
  /** Directly inside ON CONFLICT, where `excluded` is the row proposed for insertion. */
  readonly conflict: boolean;
  /** The output this is part of. */
  readonly output: OutputColumns | undefined;
  readonly depth: number;
}

/** What the parts of the walk ask of one another. */
export interface Visitor {
  /** Any value of the tree. */
  visit(value: unknown, place: Place): void;
}

/** Output names of a derived table by alias; `undefined` when a `*` hides them. */
export type OutputNames = ReadonlySet<string> | undefined;

export class Collector {
  class: ActionClass = 'session';
  returning = false;
  into: string | undefined;
  opaque = false;
  copy: SqlStatement['copy'];
  changesLexer = false;
  changesNames = false;
  /** For each UPDATE, DELETE and MERGE met, whether a predicate restricts it. */
  readonly restricted: boolean[] = [];
  readonly verbs: string[] = [];
  readonly settings: { readonly name: string; readonly value: string }[] = [];
  readonly roles = new Set<string>();
  readonly moves = new Set<MoveTarget>();
  readonly read = new Set<string>();
  readonly written = new Set<string>();
  readonly steering = new Steering();
  private readonly tables = new Map<string, SqlTable>();
  private readonly functions = new Map<string, SqlFunction>();
  private readonly relations = new Map<string, RelationName>();
  private readonly aliases = new Map<string, RelationName[]>();
  private readonly derived = new Map<string, OutputNames[]>();
  private readonly names = new Set<string>();
  private readonly moved = new Set<string>();
  private readonly opaqueCalls = new Set<string>();
  private readonly bare: { readonly name: string; readonly flow: boolean }[] = [];
  private readonly attributes: { readonly qualifier: string | undefined; readonly name: string }[] =
    [];
  private broad = false;
  private broadMove = false;

  escalate(kind: ActionClass): void {
    this.class = worseClass(this.class, kind);
  }

  /** A real relation (not a common table expression), under the name the rest of the statement knows it by. */
  addTable(schema: string, name: string, alias: string | undefined, access: TableAccess): void {
    const key = JSON.stringify([schema, name, alias, access]);
    if (!this.tables.has(key)) {
      this.tables.set(
        key,
        alias === undefined ? { schema, name, access } : { schema, name, alias, access },
      );
    }
    const relation = { schema, name };
    if (access !== 'create') this.relations.set(JSON.stringify([schema, name]), relation);
    this.aliases.set(alias ?? name, [...(this.aliases.get(alias ?? name) ?? []), relation]);
  }

  /** A sub-select, common table expression or function in FROM, and the names of its columns where they show. */
  addDerived(alias: string, outputs: OutputNames): void {
    this.derived.set(alias, [...(this.derived.get(alias) ?? []), outputs]);
  }

  /** Another name for a common table expression. */
  aliasDerived(alias: string, name: string): void {
    for (const outputs of this.derived.get(name) ?? [undefined]) this.addDerived(alias, outputs);
  }

  /** The alias of a join: as a whole row it holds every column of its members. */
  addJoinAlias(alias: string): void {
    if (!this.aliases.has(alias)) this.aliases.set(alias, []);
  }

  addFunction(schema: string, name: string): void {
    const known = knownFunction(name);
    const key = JSON.stringify([schema, name]);
    if (!this.functions.has(key)) {
      const changes = known !== undefined;
      const pure = isPure(schema, name) && !changes;
      this.functions.set(key, {
        ...(schema === '' ? {} : { schema }),
        name,
        ...(changes ? { volatile: true } : pure ? { volatile: false } : {}),
      });
    }
  }

  addCallEffect(schema: string, name: string, runs: boolean): void {
    const known = knownFunction(name);
    if (known !== undefined && runs) {
      this.escalate(known.class);
      if (known.embedsSql) this.opaque = true;
    }
    if (runs && (name === 'set_config' || (known !== undefined && name !== 'nextval'))) {
      this.moves.add('call');
    }
    if (!isPure(schema, name)) this.addOpaqueCall(schema === '' ? name : `${schema}.${name}`);
  }

  addOpaqueCall(what: string): void {
    this.opaqueCalls.add(what);
  }

  addName(name: string, flow: boolean): void {
    this.names.add(name);
    if (flow) this.moved.add(name);
  }

  /** A reference of one part: it may be a column or the whole row of a relation. */
  addBare(name: string, flow: boolean): void {
    this.addName(name, flow);
    this.bare.push({ name, flow });
  }

  /** `qualifier.name`; without a known qualifier for `(expression).name`. */
  addAttribute(qualifier: string | undefined, name: string, flow: boolean): void {
    this.addName(name, flow);
    this.attributes.push({ qualifier, name });
  }

  addBroad(flow: boolean): void {
    this.broad = true;
    if (flow) this.broadMove = true;
  }

  /** Columns that decide rows, groups or their order, `*` where any may. */
  filteredColumns(): readonly string[] {
    return this.steering.columns(this.aliases);
  }

  tableList(): readonly SqlTable[] {
    return [...this.tables.values()];
  }

  functionList(): readonly SqlFunction[] {
    return [...this.functions.values()];
  }

  reads(): ReadFacts {
    for (const { name, flow } of this.bare) {
      if (this.aliases.has(name)) this.addBroad(flow);
    }
    return {
      relations: [...this.relations.values()],
      names: [...this.names],
      moved: [...this.moved],
      attributes: this.openAttributes(),
      broad: this.broad,
      broadMove: this.broadMove,
      opaqueCalls: [...this.opaqueCalls],
    };
  }

  /** Attributes that are not plainly an output of the derived table they are taken from. */
  private openAttributes(): readonly AttributeFact[] {
    const open = new Map<string, AttributeFact>();
    for (const { qualifier, name } of this.attributes) {
      const outputs = qualifier === undefined ? undefined : this.derived.get(qualifier);
      const relations = qualifier === undefined ? undefined : this.aliases.get(qualifier);
      if (outputs !== undefined && relations === undefined) {
        if (outputs.every((names) => names?.has(name) === true)) continue;
      }
      const known = outputs === undefined && relations !== undefined && relations.length > 0;
      open.set(JSON.stringify([qualifier, name]), {
        name,
        relations: known ? relations : undefined,
      });
    }
    return [...open.values()];
  }
}
