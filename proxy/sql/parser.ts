/**
 * The server's own grammar, one WebAssembly build per major version, and the judgement of its errors. Only `parser-worker.ts`
 * and `analyser.ts` may use it: a text that is long or deep must never reach an instance on the main thread, because a stack
 * that overflows inside the instance can leave it broken for good.
 */
import { refuse } from '../gate/refusal.ts';
import { describeTree } from './describe.ts';
import type { PostgresMajor, SqlFacts } from './facts.ts';

interface ParserModule {
  loadModule(): Promise<void>;
  parseSync(text: string): unknown;
  readonly SqlError: abstract new (...args: never[]) => Error;
}

/** What parsing gave; `broken` says that the instance must not be used again. */
export interface Parsed {
  readonly facts: SqlFacts;
  readonly broken: boolean;
}

export type FactsParser = (text: string) => Parsed;

const LOADERS: Readonly<Record<PostgresMajor, () => Promise<ParserModule>>> = {
  15: () => import('libpg-query-15'),
  16: () => import('libpg-query-16'),
  17: () => import('libpg-query-17'),
  18: () => import('libpg-query-18'),
};

/** Loads the grammar of one version. Every version has an instance of its own in each thread. */
export async function loadParser(majorVersion: PostgresMajor): Promise<FactsParser> {
  const module = await LOADERS[majorVersion]();
  await module.loadModule();
  return (text) => {
    let tree: unknown;
    try {
      tree = module.parseSync(text);
    } catch (fault) {
      if (fault instanceof module.SqlError) {
        return { facts: { ok: false, refusal: syntaxRefusal(fault.message) }, broken: false };
      }
      const message = 'the SQL parser failed on this statement';
      return {
        facts: { ok: false, refusal: refuse('unavailable', 'sql/parser', message) },
        broken: true,
      };
    }
    return { facts: describeTree(tree, text), broken: false };
  };
}

/** Bison's own limit is reported like a syntax error, but it is one of size. */
export function syntaxRefusal(message: string): ReturnType<typeof refuse> {
  if (message.includes('memory exhausted')) {
    return refuse('limit', 'sql/too-deep', 'the statement is nested too deeply to be analysed');
  }
  return refuse('unsupported', 'sql/syntax', `the statement cannot be parsed: ${message}`);
}
