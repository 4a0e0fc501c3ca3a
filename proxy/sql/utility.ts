/**
 * Facts of utility statements that do not follow from the generic walk: COPY, SET, DROP and others that name their objects in
 * ways of their own. Each returns the fields it dealt with; the walk looks into all others.
 */
import type { TableAccess } from '../../engine/contract/input.ts';
import type { Collector, Place, Visitor } from './collector.ts';
import { noteSetting } from './settings.ts';
import { constantText, type Fields, fields, list, strings, tagged, text } from './tree.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** Kinds of object whose dotted name is a relation, and how many parts after the relation's name follow. */
const RELATION_OBJECTS: ReadonlyMap<string, number> = new Map([
  ['OBJECT_TABLE', 0],
  ['OBJECT_VIEW', 0],
  ['OBJECT_MATVIEW', 0],
  ['OBJECT_FOREIGN_TABLE', 0],
  ['OBJECT_SEQUENCE', 0],
  ['OBJECT_COLUMN', 1],
  ['OBJECT_TRIGGER', 1],
  ['OBJECT_RULE', 1],
  ['OBJECT_POLICY', 1],
  ['OBJECT_TABCONSTRAINT', 1],
]);

/** Alterations of who may see or change the rows. */
const PRIVILEGE_ALTERATIONS: ReadonlySet<string> = new Set([
  'AT_ChangeOwner',
  'AT_EnableRowSecurity',
  'AT_DisableRowSecurity',
  'AT_ForceRowSecurity',
  'AT_NoForceRowSecurity',
]);

/** Alterations that compute a column's values from an expression. */
const COMPUTING_ALTERATIONS: ReadonlySet<string> = new Set([
  'AT_AlterColumnType',
  'AT_SetExpression',
]);

/** Alterations after which the masks of parent or child would no longer hold for the other. */
const FAMILY_ALTERATIONS: ReadonlySet<string> = new Set([
  'AT_AttachPartition',
  'AT_DetachPartition',
  'AT_DetachPartitionFinalize',
  'AT_AddInherit',
  'AT_DropInherit',
]);

/** Says what one utility statement does; returns the fields that need no further look. */
export function describeUtility(
  tag: string,
  body: Fields,
  place: Place,
  walk: Visitor,
  out: Collector,
): ReadonlySet<string> {
  switch (tag) {
    case 'CopyStmt':
      return describeCopy(body, place, walk, out);
    case 'VariableSetStmt':
      setting(body, out);
      return NOTHING;
    case 'AlterSystemStmt':
    case 'AlterRoleSetStmt':
    case 'AlterDatabaseSetStmt': {
      const change = fields(body['setstmt']);
      out.settings.push({ name: text(change['name']), value: argumentText(change['args']) ?? '' });
      return NOTHING;
    }
    case 'DropStmt':
      for (const object of list(body['objects'])) {
        namedObject(text(body['removeType']), object, 'drop', out);
      }
      return NOTHING;
    case 'CommentStmt':
    case 'SecLabelStmt':
      namedObject(text(body['objtype']), body['object'], 'alter', out);
      return NOTHING;
    case 'GrantRoleStmt':
      for (const granted of list(body['granted_roles'])) {
        out.roles.add(text(fields(fields(granted)['AccessPriv'])['priv_name']));
      }
      return NOTHING;
    case 'CreateRoleStmt':
      out.roles.add(text(body['role']));
      return NOTHING;
    case 'CreateTrigStmt':
    case 'CreateEventTrigStmt': {
      const parts = strings(body['funcname']);
      out.addFunction(parts.slice(0, -1).join('.'), parts.at(-1) ?? '');
      return NOTHING;
    }
    case 'DoStmt':
    case 'ExecuteStmt':
    case 'CallStmt':
      out.opaque = true;
      out.addOpaqueCall(tag === 'DoStmt' ? 'do' : tag === 'CallStmt' ? 'call' : 'execute');
      if (place.runs && tag !== 'ExecuteStmt') out.moves.add('call');
      return NOTHING;
    case 'FetchStmt':
      out.addOpaqueCall('fetch');
      return NOTHING;
    case 'CreateTableAsStmt':
      return createTableAs(body, place, out);
    case 'CreateStmt':
    case 'AlterTableStmt':
      alterTable(body, out);
      return NOTHING;
    case 'RenameStmt':
    case 'AlterObjectSchemaStmt':
      out.moves.add('definition');
      out.addBroad(true);
      if (body['relation'] === undefined) renamedObject(body, out);
      return NOTHING;
    case 'RuleStmt':
      out.moves.add('definition');
      definition(body, ['whereClause', 'actions'], place, walk);
      return new Set(['whereClause', 'actions']);
    case 'ViewStmt':
      definition(body, ['query'], place, walk);
      return new Set(['query']);
    case 'CreateFunctionStmt':
      out.opaque = true;
      definition(body, ['sql_body'], place, walk);
      return new Set(['sql_body']);
    default:
      return NOTHING;
  }
}

/** What is stored to run later: its relations count, its effects do not happen now. */
function definition(body: Fields, keys: readonly string[], place: Place, walk: Visitor): void {
  for (const key of keys) walk.visit(body[key], { ...place, runs: false });
}

function renamedObject(body: Fields, out: Collector): void {
  const kind = text(body['renameType'] ?? body['objectType']);
  // Renaming a schema or database renames every relation in it.
  if (kind === 'OBJECT_SCHEMA' || kind === 'OBJECT_DATABASE') out.addOpaqueCall('rename schema');
}

function alterTable(body: Fields, out: Collector): void {
  const pending: unknown[] = [...list(body['cmds']), ...list(body['tableElts'])];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (typeof item !== 'object' || item === null) continue;
    const { subtype, contype } = fields(item);
    const family = FAMILY_ALTERATIONS.has(text(subtype));
    if (family) out.addBroad(true);
    if (PRIVILEGE_ALTERATIONS.has(text(subtype))) out.escalate('privilege');
    if (family || COMPUTING_ALTERATIONS.has(text(subtype)) || contype === 'CONSTR_GENERATED') {
      out.moves.add('definition');
    }
    pending.push(...Object.values(item));
  }
}

function createTableAs(body: Fields, place: Place, out: Collector): ReadonlySet<string> {
  const rel = fields(fields(body['into'])['rel']);
  const name = [text(rel['schemaname']), text(rel['relname'])].filter(Boolean).join('.');
  const materialized = text(body['objtype']) === 'OBJECT_MATVIEW';
  if (!materialized) out.into = name;
  if (place.runs) out.moves.add(materialized ? 'materialized-view' : 'create-table-as');
  return NOTHING;
}

function describeCopy(
  body: Fields,
  place: Place,
  walk: Visitor,
  out: Collector,
): ReadonlySet<string> {
  const from = body['is_from'] === true;
  const program = body['is_program'] === true;
  const file = body['filename'] !== undefined && !program;
  out.copy = { direction: from ? 'from' : 'to', program, file };
  if (place.runs && from) out.escalate('write');
  if (place.runs && (program || file)) out.escalate('admin');
  const columns = strings(body['attlist']);
  for (const column of columns) (from ? out.written : out.read).add(column);
  if (!from) {
    if (program || file) out.moves.add('copy-file');
    if (body['query'] !== undefined) out.moves.add('copy-query');
    for (const column of columns) out.addName(column, true);
    if (body['relation'] !== undefined && columns.length === 0) {
      out.read.add('*');
      out.addBroad(true);
    }
  }
  walk.visit(body['relation'], {
    ...place,
    ctes: new Set(),
    access: from ? 'write' : 'read',
  });
  return new Set(['relation', 'attlist', 'options']);
}

function setting(body: Fields, out: Collector): void {
  const kind = text(body['kind']);
  if (kind === 'VAR_RESET_ALL' || kind === 'VAR_SET_MULTI') return;
  const reset = kind === 'VAR_RESET' || kind === 'VAR_SET_DEFAULT';
  noteSetting(text(body['name']), reset ? undefined : argumentText(body['args']), out);
}

function argumentText(args: unknown): string | undefined {
  const values = list(args).map((arg) => constantText(arg) ?? '');
  return values.length === 0 ? undefined : values.join(', ');
}

function namedObject(kind: string, object: unknown, access: TableAccess, out: Collector): void {
  const after = RELATION_OBJECTS.get(kind);
  if (after === undefined || tagged(object)?.tag !== 'List') return;
  const parts = strings(tagged(object)?.body['items']);
  const names = after === 0 ? parts : parts.slice(0, -after);
  const name = names.at(-1);
  if (name !== undefined) {
    out.addTable(names.slice(0, -1).join('.'), name, undefined, after === 0 ? access : 'alter');
  }
}
