/**
 * Walks the parse tree of one statement and tells the collector what it meets. The walk is generic: whatever node it does not
 * know, it still looks inside, and any relation it finds anywhere is at least read. It must never skip a field it does not know.
 */
import type { TableAccess } from '../../engine/contract/input.ts';
import type { Collector, OutputNames, Place, Visitor } from './collector.ts';
import { functionOutputs, queryOutputs } from './output-names.ts';
import { BUILT_IN_OPERATORS, BUILT_IN_TYPES } from './pure-functions.ts';
import { noteSetting } from './settings.ts';
import { statementKind } from './statements.ts';
import {
  constantText,
  type Fields,
  fields,
  isFields,
  list,
  strings,
  tagged,
  text,
} from './tree.ts';
import { describeUtility } from './utility.ts';

/** Levels of the JSON tree that are followed; deeper text is refused (a 1 kB text cannot exhaust the stack below it). */
export const TREE_DEPTH_LIMIT = 1_000;

/** The tree is deeper than `TREE_DEPTH_LIMIT`. Caught by the describer, which refuses. */
export class TooDeepError extends Error {}

const PREDICATES: ReadonlySet<string> = new Set([
  'whereClause',
  'havingClause',
  'quals',
  'joinCondition',
  'condition',
  'onConflictWhere',
]);

const DML: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** Schema-less operators are taken for the built-in ones. */
const BUILT_IN_SCHEMAS: ReadonlySet<string> = new Set(['', 'pg_catalog']);

export class Walk implements Visitor {
  private readonly out: Collector;

  constructor(out: Collector) {
    this.out = out;
  }

  /** The outermost statement; `runs` is false under a plain EXPLAIN. */
  start(tag: string, body: Fields, runs: boolean): void {
    this.statement(tag, body, {
      ctes: new Set(),
      access: 'read',
      filter: false,
      flow: true,
      runs,
      conflict: false,
      depth: TOP_DEPTH,
    });
  }

  /** Any value of the tree: a node, a bare object of a fixed type, or a list of either. */
  visit(value: unknown, place: Place): void {
    if (place.depth > TREE_DEPTH_LIMIT) throw new TooDeepError();
    const inner = { ...place, depth: place.depth + 1 };
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, inner);
      return;
    }
    if (!isFields(value)) return;
    const node = tagged(value);
    if (node === undefined) this.bare(value, inner);
    else this.node(node.tag, node.body, inner);
  }

  /** Every field of an object, predicates as such. */
  private members(body: Fields, place: Place, skip: ReadonlySet<string> = new Set()): void {
    for (const [key, value] of Object.entries(body)) {
      if (skip.has(key) || typeof value !== 'object' || value === null) continue;
      this.visit(value, PREDICATES.has(key) ? { ...place, filter: true } : place);
    }
  }

  /** A statement node, at the top or nested (WITH, EXPLAIN, rule actions, schema elements). */
  private statement(tag: string, body: Fields, place: Place): void {
    const kind = statementKind(tag);
    const inner = this.withClause(body, place);
    if (kind === undefined) {
      this.out.escalate('unknown');
      this.out.opaque = true;
      this.members(body, inner);
      return;
    }
    if (place.runs) this.out.escalate(kind.class);
    if (tag === 'SelectStmt') this.select(body, inner);
    else if (DML.has(tag)) this.modify(tag, body, inner);
    else {
      const skip = describeUtility(tag, body, inner, this, this.out);
      this.targets(body, kind.targets, inner, skip);
    }
  }

  /** Fields that hold targets get their access, the others are read; `skip` holds what was dealt with. */
  private targets(
    body: Fields,
    targets: Readonly<Record<string, TableAccess>>,
    place: Place,
    skip: ReadonlySet<string>,
  ): void {
    for (const [key, value] of Object.entries(body)) {
      if (skip.has(key) || key === 'withClause') continue;
      const access = targets[key];
      const ctes = access === undefined ? place.ctes : new Set<string>();
      const filter = place.filter || PREDICATES.has(key);
      this.visit(value, { ...place, ctes, filter, access: access ?? 'read' });
    }
  }

  /** Walks the WITH list and returns the place in which its names are known. */
  private withClause(body: Fields, place: Place): Place {
    const clause = fields(body['withClause']);
    const members = list(clause['ctes']).map((item) => fields(fields(item)['CommonTableExpr']));
    if (members.length === 0) return { ...place, access: 'read' };
    const names = members.map((member) => text(member['ctename']));
    let ctes = new Set(place.ctes);
    if (clause['recursive'] === true) ctes = new Set([...ctes, ...names]);
    members.forEach((member, index) => {
      this.visit(member['ctequery'], { ...place, ctes, access: 'read' });
      this.members(member, { ...place, ctes, access: 'read' }, new Set(['ctequery']));
      const name = names[index] ?? '';
      this.out.addDerived(name, queryOutputs(member['ctequery'], member['aliascolnames']));
      ctes = new Set([...ctes, name]);
    });
    return { ...place, ctes, access: 'read' };
  }

  private select(body: Fields, outer: Place): void {
    const out = this.out;
    if (outer.depth > TREE_DEPTH_LIMIT) throw new TooDeepError();
    const place = { ...outer, conflict: false, depth: outer.depth + 1 };
    if (body['intoClause'] !== undefined) {
      const rel = fields(fields(body['intoClause'])['rel']);
      out.into = qualified(rel);
      out.moves.add('select-into');
      if (place.runs) out.escalate('ddl');
      this.visit(body['intoClause'], { ...place, ctes: new Set(), access: 'create' });
    }
    for (const side of ['larg', 'rarg']) {
      if (isFields(body[side])) this.statement('SelectStmt', fields(body[side]), place);
    }
    if (list(body['lockingClause']).length > 0 && place.runs) out.escalate('write');
    this.members(
      body,
      place,
      new Set(['withClause', 'intoClause', 'larg', 'rarg', 'lockingClause']),
    );
  }

  private modify(tag: string, body: Fields, place: Place): void {
    const out = this.out;
    if (place.runs && place.depth > TOP_DEPTH) out.verbs.push(statementKind(tag)?.verb ?? '');
    this.visit(body['relation'], { ...place, ctes: new Set(), access: 'write' });
    // The rule on this view is `set_config` for every row that matches: any setting, the role included.
    if (text(fields(body['relation'])['relname']) === 'pg_settings' && place.runs) {
      noteSetting(undefined, undefined, out);
    }
    if (tag === 'InsertStmt') out.moves.add('insert');
    else out.restricted.push(tag === 'MergeStmt' || body['whereClause'] !== undefined);
    if (tag === 'UpdateStmt') out.moves.add('update');
    if (tag === 'MergeStmt') out.moves.add('merge');
    const top = place.depth <= TOP_DEPTH;
    for (const key of ['returningList', 'returningClause']) {
      if (body[key] === undefined) continue;
      out.returning = true;
      // The rows of the outermost statement go to the client; those of an inner one go on to the rest of the statement.
      this.visit(body[key], { ...place, flow: place.flow && !top });
    }
    for (const item of list(body['cols'])) this.assigned(item, place, true);
    for (const item of list(body['targetList'])) this.assigned(item, place, false);
    for (const clause of list(body['mergeWhenClauses'])) this.mergeClause(clause, place);
    this.onConflict(fields(body['onConflictClause']), place);
    for (const key of ['whereClause', 'joinCondition']) {
      this.visit(body[key], { ...place, filter: true, flow: false });
    }
    this.members(body, place, MODIFY_DONE);
  }

  private mergeClause(clause: unknown, place: Place): void {
    const body = fields(fields(clause)['MergeWhenClause']);
    const insert = text(body['commandType']) === 'CMD_INSERT';
    for (const item of list(body['targetList'])) this.assigned(item, place, insert);
    this.visit(body['condition'], { ...place, filter: true, flow: false });
    this.members(body, place, new Set(['targetList', 'condition']));
  }

  private onConflict(body: Fields, outer: Place): void {
    const place = { ...outer, conflict: true };
    for (const item of list(body['targetList'])) this.assigned(item, place, false);
    this.visit(body['whereClause'], { ...place, filter: true, flow: false });
    this.members(body, place, new Set(['targetList', 'whereClause']));
  }

  /** A column that is written: its name is no read, its value and subscripts are. */
  private assigned(item: unknown, place: Place, nameOnly: boolean): void {
    const body = fields(fields(item)['ResTarget']);
    this.out.written.add(text(body['name']));
    for (const part of list(body['indirection'])) {
      if (tagged(part)?.tag !== 'String') this.visit(part, place);
    }
    if (!nameOnly || body['val'] !== undefined) this.visit(body['val'], place);
  }

  private node(tag: string, body: Fields, place: Place): void {
    if (tag.endsWith('Stmt')) {
      this.statement(tag, body, place);
      return;
    }
    switch (tag) {
      case 'ColumnRef':
        this.columnRef(list(body['fields']), place);
        return;
      case 'A_Indirection':
        this.indirection(list(body['indirection']), place);
        break;
      case 'JoinExpr':
        if (body['isNatural'] === true) this.out.addBroad(place.flow);
        for (const name of strings(body['usingClause'])) {
          this.out.filtered.add(name);
          this.out.addName(name, place.flow);
        }
        this.joinAlias(fields(body['alias']), place);
        break;
      case 'RangeSubselect':
        this.derivedAlias(body, queryOutputs(body['subquery'], fields(body['alias'])['colnames']));
        break;
      case 'RangeFunction':
      case 'RangeTableFunc':
      case 'JsonTable':
        this.derivedAlias(body, functionOutputs(body));
        break;
      case 'TypeCast': {
        // A constant goes through the type's input function, which is its owner's code only for domains: it reads nothing out.
        const kind = tagged(body['arg'])?.tag;
        if (kind === 'A_Const' || kind === 'ParamRef') return;
        break;
      }
      case 'A_Expr':
        this.operator(strings(body['name']));
        break;
      case 'CurrentOfExpr':
        this.out.addOpaqueCall('current of');
        break;
      default:
        break;
    }
    this.bare(body, place);
  }

  /** An object without a tag: told by the fields that only one type has. */
  private bare(body: Fields, place: Place): void {
    if (typeof body['relname'] === 'string') {
      this.relation(body, place);
      return;
    }
    if (Array.isArray(body['funcname'])) this.call(body, place);
    for (const key of ['operName', 'useOp']) {
      if (Array.isArray(body[key])) this.operator(strings(body[key]));
    }
    if (typeof body['roletype'] === 'string') this.out.roles.add(roleName(body));
    if (Array.isArray(body['names']) && body['typemod'] !== undefined) {
      this.type(strings(body['names']));
    }
    this.members(body, place);
  }

  private relation(body: Fields, place: Place): void {
    const name = text(body['relname']);
    const schema = [text(body['catalogname']), text(body['schemaname'])].filter(Boolean).join('.');
    const alias = fields(body['alias']);
    const aliasName = text(alias['aliasname']);
    if (list(alias['colnames']).length > 0) this.out.addBroad(place.flow);
    if (schema === '' && place.ctes.has(name)) {
      if (aliasName !== '') this.out.aliasDerived(aliasName, name);
      return;
    }
    this.out.addTable(schema, name, aliasName === '' ? undefined : aliasName, place.access);
  }

  private columnRef(parts: readonly unknown[], place: Place): void {
    const names = strings(parts);
    const star = parts.some((part) => tagged(part)?.tag === 'A_Star');
    const written = [...names, ...(star ? ['*'] : [])].join('.');
    (place.filter ? this.out.filtered : this.out.read).add(written);
    if (place.conflict && names[0] === 'excluded') return;
    if (star) {
      this.out.addBroad(place.flow);
      return;
    }
    const last = names.at(-1) ?? '';
    if (names.length === 1) this.out.addBare(last, place.flow);
    else this.out.addAttribute(names.length === 2 ? names[0] : undefined, last, place.flow);
  }

  private indirection(parts: readonly unknown[], place: Place): void {
    for (const part of parts) {
      if (tagged(part)?.tag === 'A_Star') this.out.addBroad(place.flow);
    }
    for (const name of strings(parts)) {
      (place.filter ? this.out.filtered : this.out.read).add(name);
      this.out.addAttribute(undefined, name, place.flow);
    }
  }

  private call(body: Fields, place: Place): void {
    const parts = strings(body['funcname']);
    const name = parts.at(-1) ?? '';
    // Syntax such as EXTRACT(...) is a call of pg_catalog although the text names no schema.
    const sugar = body['funcformat'] === 'COERCE_SQL_SYNTAX';
    const schema = sugar ? '' : parts.slice(0, -1).join('.');
    this.out.addFunction(schema, name);
    this.out.addCallEffect(schema, name, place.runs);
    this.out.addName(name, place.flow);
    const [setting, value] = list(body['args']);
    if (name === 'set_config' && place.runs) {
      noteSetting(constantText(setting), constantText(value), this.out);
    }
  }

  private operator(name: readonly string[]): void {
    const schema = name.slice(0, -1).join('.');
    if (!BUILT_IN_SCHEMAS.has(schema) || !BUILT_IN_OPERATORS.has(name.at(-1) ?? '')) {
      this.out.addOpaqueCall(`operator ${name.join('.')}`);
    }
  }

  private type(names: readonly string[]): void {
    const schema = names.slice(0, -1).join('.');
    const name = names.at(-1) ?? '';
    if (!BUILT_IN_SCHEMAS.has(schema) || !BUILT_IN_TYPES.has(name)) {
      this.out.addOpaqueCall(`type ${names.join('.')}`);
    }
  }

  private joinAlias(alias: Fields, place: Place): void {
    if (text(alias['aliasname']) === '') return;
    this.out.addJoinAlias(text(alias['aliasname']));
    if (list(alias['colnames']).length > 0) this.out.addBroad(place.flow);
  }

  private derivedAlias(body: Fields, outputs: OutputNames): void {
    const name = text(fields(body['alias'])['aliasname']);
    if (name !== '') this.out.addDerived(name, outputs);
  }
}

/** Depth of the outermost statement: anything deeper is nested in another. */
const TOP_DEPTH = 0;

const MODIFY_DONE: ReadonlySet<string> = new Set([
  'relation',
  'withClause',
  'returningList',
  'returningClause',
  'cols',
  'targetList',
  'mergeWhenClauses',
  'onConflictClause',
  'whereClause',
  'joinCondition',
]);

function qualified(rel: Fields): string {
  return [text(rel['catalogname']), text(rel['schemaname']), text(rel['relname'])]
    .filter(Boolean)
    .join('.');
}

function roleName(role: Fields): string {
  const name = text(role['rolename']);
  return name === '' ? text(role['roletype']).replace('ROLESPEC_', '').toLowerCase() : name;
}
