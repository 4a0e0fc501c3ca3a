/**
 * A statement as the action a policy decides: facts, the text for people, the digest that an approval is bound to.
 * Pure; it must not decide anything.
 */
import { hash } from 'node:crypto';
import type {
  ActionClass,
  ActionInput,
  SqlInput,
  SqlStatement,
} from '../../engine/contract/input.ts';
import type { Resolved } from './statement-names.ts';
import type { FormatCode } from './wire/frontend.ts';

/** UTF-16 units of text shown to an approver and kept in the record; the digest covers all of it. */
const MAX_SHOWN_TEXT = 64 * 1024;
/** UTF-16 units of one parameter shown in the text. */
const MAX_SHOWN_PARAMETER = 200;
const TEXT_FORMAT = 0;

/** Least to most consequential; what cannot be seen counts as the worst. */
const CLASSES: readonly ActionClass[] = [
  'session',
  'read',
  'write',
  'ddl',
  'privilege',
  'admin',
  'unknown',
];

export interface ActionParts {
  /** Exactly what the client sent. */
  readonly text: string;
  readonly statements: readonly Resolved[];
  readonly inTransaction: boolean;
  /** Of a prepared statement; undefined for a simple query. */
  readonly parameters?: BoundParameters | undefined;
  /** Changes of this session that decide what the text means. */
  readonly context?: readonly string[];
}

export interface BoundParameters {
  readonly values: readonly (Buffer | null)[];
  readonly formats: readonly FormatCode[];
}

export function describeAction(parts: ActionParts): ActionInput {
  const { text, statements, parameters, context = [] } = parts;
  let worst: SqlStatement | undefined;
  for (const { statement } of statements) {
    if (worst === undefined || CLASSES.indexOf(statement.class) > CLASSES.indexOf(worst.class))
      worst = statement;
  }
  const bodies = statements.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const base: SqlInput = {
    dialect: 'postgres',
    statements: statements.map(({ statement }) => statement),
    in_transaction: parts.inTransaction,
  };
  return {
    kind: 'sql',
    verb: worst?.verb ?? '',
    class: worst?.class ?? 'session',
    text: showText(text, bodies, parameters, context),
    digest: digestOf(text, bodies, parameters, context),
    sql:
      parameters === undefined
        ? base
        : { ...base, prepared: true, parameters: showParameters(parameters) },
  };
}

/** What could not be analysed: recorded as unknown, never forwarded. */
export function describeUnknown(verb: string, text: string, inTransaction: boolean): ActionInput {
  return {
    kind: 'sql',
    verb,
    class: 'unknown',
    text: shorten(text, MAX_SHOWN_TEXT),
    digest: digestOf(text, [], undefined),
    sql: { dialect: 'postgres', statements: [], in_transaction: inTransaction },
  };
}

/**
 * SHA-256 over the text; then, each with its length so that no two lists look alike, the texts behind names, the parameters and
 * what the session did before that changes what the text means.
 */
function digestOf(
  text: string,
  bodies: readonly string[],
  parameters: BoundParameters | undefined,
  context: readonly string[] = [],
): string {
  const isBare = bodies.length === 0 && (parameters?.values.length ?? 0) === 0;
  if (isBare && context.length === 0) {
    return `sha256:${hash('sha256', text, 'hex')}`;
  }
  const parts: Buffer[] = [Buffer.from(text)];
  const add = (kind: string, bytes: Buffer | null): void => {
    parts.push(Buffer.from(`\0${kind}${bytes === null ? 'null' : bytes.length}\0`));
    if (bytes !== null) parts.push(bytes);
  };
  for (const body of bodies) add('body', Buffer.from(body));
  parameters?.values.forEach((value, index) => {
    add(`parameter${formatOf(parameters, index)}`, value);
  });
  for (const line of context) add('context', Buffer.from(line));
  // One call over a copy is a third of the price of a Hash object that is fed in parts.
  return `sha256:${hash('sha256', Buffer.concat(parts), 'hex')}`;
}

function showText(
  text: string,
  bodies: readonly string[],
  parameters: BoundParameters | undefined,
  context: readonly string[],
): string {
  const lines = [...context.map((line) => `-- earlier in this session: ${line}`), text];
  for (const body of bodies) lines.push(`-- prepared as: ${body}`);
  parameters?.values.forEach((value, index) => {
    lines.push(`-- $${index + 1} = ${showParameter(value, formatOf(parameters, index))}`);
  });
  return shorten(lines.length === 1 ? text : lines.join('\n'), MAX_SHOWN_TEXT);
}

function showParameter(value: Buffer | null, format: FormatCode): string {
  if (value === null) return 'NULL';
  const shown =
    format === TEXT_FORMAT
      ? `'${value.toString('utf8', 0, 4 * MAX_SHOWN_PARAMETER)}'`
      : `\\x${value.toString('hex', 0, MAX_SHOWN_PARAMETER)}`;
  return shorten(shown.replaceAll('\n', '\\n'), MAX_SHOWN_PARAMETER);
}

function showParameters(parameters: BoundParameters): NonNullable<SqlInput['parameters']> {
  return parameters.values.map((value, index) => {
    if (value === null) return null;
    return formatOf(parameters, index) === TEXT_FORMAT
      ? value.toString('utf8')
      : { base64: value.toString('base64') };
  });
}

/** None means all text, one means all of that format. */
function formatOf({ formats }: BoundParameters, index: number): FormatCode {
  return (formats.length === 1 ? formats[0] : formats[index]) ?? TEXT_FORMAT;
}

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
