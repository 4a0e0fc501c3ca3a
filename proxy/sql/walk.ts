/**
 * Walks the parse tree of one statement and tells the collector what it meets. The walk is generic: whatever node it does not
 * know, it still looks inside, and any relation it finds anywhere is at least read. It must never skip a field it does not know.
 */
import type { TableAccess } from '../../engine/contract/input.ts';
import type { Collector, OutputNames, Place, Visitor } from './collector.ts';
import { functionOutputs, queryOutputs } from './output-names.ts';
import { noteCall, noteColumn, noteFields, noteOperator, noteType } from './references.ts';
import { noteSetting } from './settings.ts';
import { statementKind } from './statements.ts';
import { givenNames, joinOutputs, type OutputColumns, STEERING_FIELDS } from './steering.ts';
import { type Fields, fields, isFields, list, strings, tagged, text } from './tree.ts';
import { describeUtility } from './utility.ts';

/** Levels of the JSON tree that are followed; deeper text is refused (a 1 kB text cannot exhaust the stack below it). */
export const TREE_DEPTH_LIMIT = 1_000;

/** The tree is deeper than `TREE_DEPTH_LIMIT`. Caught by the describer, which refuses. */
export class TooDeepError extends Error {}

const DML: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

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
      output: undefined,
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

  /** Every field of an object, those that steer the statement as such. */
  private members(body: Fields, place: Place, skip: ReadonlySet<string> = new Set()): void {
    for (const [key, value] of Object.entries(body)) {
      if (skip.has(key) || typeof value !== 'object' || value === null) continue;
      this.visit(value, STEERING_FIELDS.has(key) ? { ...place, filter: true } : place);
    }
  }

  /** A statement node, at the top or nested (WITH, EXPLAIN, rule actions, schema elements). */
  private statement(tag: string, body: Fields, place: Place): readonly OutputColumns[] {
    const kind = statementKind(tag);
    const inner = this.withClause(body, place);
    if (kind === undefined) {
      this.out.escalate('unknown');
      this.out.opaque = true;
      this.members(body, inner);
      return [];
    }
    if (place.runs) this.out.escalate(kind.class);
    if (tag === 'SelectStmt') return this.select(body, inner);
    if (DML.has(tag)) this.modify(tag, body, inner);
    else {
      const skip = describeUtility(tag, body, inner, this, this.out);
      this.targets(body, kind.targets, inner, skip);
    }
    return [];
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
      const filter = place.filter || STEERING_FIELDS.has(key);
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
      const name = names[index] ?? '';
      const given = [name, ...strings(member['aliascolnames'])];
      this.renamed(given, member['ctequery'], { ...place, ctes, access: 'read' });
      this.members(member, { ...place, ctes, access: 'read' }, new Set(['ctequery']));
      this.out.addDerived(name, queryOutputs(member['ctequery'], member['aliascolnames']));
      ctes = new Set([...ctes, name]);
    });
    return { ...place, ctes, access: 'read' };
  }

  private select(body: Fields, outer: Place): readonly OutputColumns[] {
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
    const [left, right] = ['larg', 'rarg'].map((side) =>
      isFields(body[side]) ? this.statement('SelectStmt', fields(body[side]), place) : [],
    );
    if (list(body['lockingClause']).length > 0 && place.runs) out.escalate('write');
    this.members(body, place, SELECT_DONE);
    const own = this.outputs(body['targetList'], place);
    const outputs = own.length > 0 ? own : joinOutputs(left ?? [], right ?? []);
    out.steering.addOutputs(outputs);
    out.steering.addPositions(body, outputs);
    return outputs;
  }

  /** The outputs of a SELECT or RETURNING list, each with the columns it reads. */
  private outputs(targets: unknown, place: Place): readonly OutputColumns[] {
    return list(targets).map((target) => {
      const name = text(fields(fields(target)['ResTarget'])['name']);
      const output = { name, columns: new Set<string>(), outer: place.output };
      this.visit(target, { ...place, output });
      return output;
    });
  }

  /** Walks what the names given to it stand for. */
  private renamed(given: readonly string[], value: unknown, place: Place): void {
    const output = { name: '', columns: new Set<string>(), outer: place.output };
    this.visit(value, { ...place, output });
    for (const name of given) this.out.steering.rename(name, output.columns);
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
    // A list up to PostgreSQL 17, a clause with options from 18 on.
    const clause = fields(body['returningClause']);
    const returned = list(body['returningList'] ?? clause['exprs']);
    if (returned.length > 0) {
      out.returning = true;
      // The rows of the outermost statement go to the client; those of an inner one go on to the rest of the statement.
      const rows = { ...place, flow: place.flow && !top };
      out.steering.addOutputs(this.outputs(returned, rows));
      this.members(clause, rows, new Set(['exprs']));
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
        noteColumn(list(body['fields']), place, this.out);
        return;
      case 'A_Indirection':
        noteFields(list(body['indirection']), place, this.out);
        break;
      case 'JoinExpr':
        if (body['isNatural'] === true) {
          this.out.addBroad(place.flow);
          this.out.steering.add('*');
        }
        for (const name of strings(body['usingClause'])) {
          this.out.steering.add(name);
          this.out.addName(name, place.flow);
        }
        this.joinAlias(fields(body['alias']), place);
        break;
      case 'RangeSubselect':
        this.derivedAlias(body, queryOutputs(body['subquery'], fields(body['alias'])['colnames']));
        this.renamed(givenNames(body), [body['subquery'], body['alias']], place);
        return;
      case 'RangeFunction':
      case 'RangeTableFunc':
      case 'JsonTable':
        this.derivedAlias(body, functionOutputs(body));
        this.renamed(givenNames(body), Object.values(body), place);
        return;
      case 'TypeCast': {
        // A constant goes through the type's input function, which is its owner's code only for domains: it reads nothing out.
        const kind = tagged(body['arg'])?.tag;
        if (kind === 'A_Const' || kind === 'ParamRef') return;
        break;
      }
      case 'A_Expr':
        noteOperator(strings(body['name']), this.out);
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
    if (Array.isArray(body['funcname'])) noteCall(body, place, this.out);
    for (const key of ['operName', 'useOp']) {
      if (Array.isArray(body[key])) noteOperator(strings(body[key]), this.out);
    }
    if (typeof body['roletype'] === 'string') this.out.roles.add(roleName(body));
    if (Array.isArray(body['names']) && body['typemod'] !== undefined) {
      noteType(strings(body['names']), this.out);
    }
    this.members(body, place);
  }

  private relation(body: Fields, place: Place): void {
    const name = text(body['relname']);
    const schema = [text(body['catalogname']), text(body['schemaname'])].filter(Boolean).join('.');
    const alias = fields(body['alias']);
    const aliasName = text(alias['aliasname']);
    const renamed = strings(alias['colnames']);
    if (renamed.length > 0) this.out.addBroad(place.flow);
    for (const column of renamed) this.out.steering.rename(column, ['*']);
    if (schema === '' && place.ctes.has(name)) {
      if (aliasName !== '') this.out.aliasDerived(aliasName, name);
      return;
    }
    this.out.addTable(schema, name, aliasName === '' ? undefined : aliasName, place.access);
  }

  private joinAlias(alias: Fields, place: Place): void {
    if (text(alias['aliasname']) === '') return;
    this.out.addJoinAlias(text(alias['aliasname']));
    const renamed = strings(alias['colnames']);
    if (renamed.length > 0) this.out.addBroad(place.flow);
    for (const column of renamed) this.out.steering.rename(column, ['*']);
  }

  private derivedAlias(body: Fields, outputs: OutputNames): void {
    const name = text(fields(body['alias'])['aliasname']);
    if (name !== '') this.out.addDerived(name, outputs);
  }
}

/** Depth of the outermost statement: anything deeper is nested in another. */
const TOP_DEPTH = 0;

const SELECT_DONE: ReadonlySet<string> = new Set([
  'withClause',
  'intoClause',
  'larg',
  'rarg',
  'lockingClause',
  'targetList',
]);

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
