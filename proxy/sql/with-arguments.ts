/**
 * An EXECUTE is its prepared statement and its arguments together: both are evaluated, so the facts of both count. Pure.
 */
import type { AnalysedStatement, ReadFacts } from './facts.ts';
import { worseClass } from './statements.ts';

/** The facts of `body` run with these arguments; the body alone where there are none. */
export function withArguments(
  body: AnalysedStatement,
  args: AnalysedStatement | undefined,
): AnalysedStatement {
  if (args === undefined) return body;
  const { statement, detail } = body;
  const more = args.statement;
  return {
    statement: {
      ...statement,
      class: worseClass(statement.class, more.class),
      tables: [...statement.tables, ...more.tables],
      columns: {
        read: join(statement.columns.read, more.columns.read),
        written: join(statement.columns.written, more.columns.written),
        filtered: join(statement.columns.filtered, more.columns.filtered),
      },
      functions: [...statement.functions, ...more.functions],
      settings: [...statement.settings, ...more.settings],
      roles: join(statement.roles, more.roles),
      opaque: statement.opaque || more.opaque,
    },
    detail: {
      ...detail,
      reads: joinReads(detail.reads, args.detail.reads),
      moves: join(detail.moves, args.detail.moves),
      changesLexer: detail.changesLexer || args.detail.changesLexer,
      changesNames: detail.changesNames || args.detail.changesNames,
    },
  };
}

function joinReads(one: ReadFacts, other: ReadFacts): ReadFacts {
  return {
    relations: [...one.relations, ...other.relations],
    names: join(one.names, other.names),
    // A parameter goes wherever the body puts it.
    moved: join(one.moved, other.names),
    attributes: [...one.attributes, ...other.attributes],
    broad: one.broad || other.broad,
    broadMove: one.broadMove || other.broad,
    opaqueCalls: join(one.opaqueCalls, other.opaqueCalls),
  };
}

function join<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return [...new Set([...one, ...other])];
}
