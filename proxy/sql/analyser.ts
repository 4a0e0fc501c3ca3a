/**
 * The way from a SQL text to its facts: what can be refused at sight, the cache, the short way on this thread, the worker.
 *
 * Short texts are parsed here, because a round trip to a worker costs several times the parse of one. That is safe by
 * measure: the worst nestings of 2,000 bytes still parse within a stack of 300 kB, and the main thread has 984.
 */
import { refuse } from '../gate/refusal.ts';
import type { PostgresMajor, SqlAnalyser, SqlFacts } from './facts.ts';
import { createFactsCache } from './facts-cache.ts';
import { loadParser } from './parser.ts';
import { WorkerLane } from './worker-lane.ts';

/** Bytes of one text; more are refused. */
export const TEXT_LIMIT_BYTES = 64 * 1024;
/** Bytes up to which a text is parsed on the calling thread. */
export const SHORT_TEXT_BYTES = 1_024;
/** Characters from which on a text is worth keeping when it is first seen. */
const CACHED_AT_ONCE_FROM = 100;
const CACHE_ENTRIES = 4_096;
const CACHE_CHARACTERS = 4 * 1024 * 1024;
const QUEUE_LIMIT = 256;
const DEADLINE_MS = 2_000;

export interface SqlAnalyserOptions {
  readonly majorVersion: PostgresMajor;
  readonly textLimitBytes?: number;
  readonly shortTextBytes?: number;
  readonly cacheEntries?: number;
  readonly cacheCharacters?: number;
  readonly queueLimit?: number;
  readonly deadlineMs?: number;
}

const EMPTY: SqlFacts = { ok: true, statements: [], class: 'session', verb: '', detail: [] };

/** Loads the grammar (tens of milliseconds); share one analyser among all connections to servers of a version. */
export async function createSqlAnalyser(options: SqlAnalyserOptions): Promise<SqlAnalyser> {
  const textLimit = options.textLimitBytes ?? TEXT_LIMIT_BYTES;
  const shortText = Math.min(options.shortTextBytes ?? SHORT_TEXT_BYTES, SHORT_TEXT_BYTES);
  const cache = createFactsCache({
    entries: options.cacheEntries ?? CACHE_ENTRIES,
    characters: options.cacheCharacters ?? CACHE_CHARACTERS,
    atOnceFrom: CACHED_AT_ONCE_FROM,
  });
  const parse = await loadParser(options.majorVersion);
  const lane = new WorkerLane(options.majorVersion, {
    queueLimit: options.queueLimit ?? QUEUE_LIMIT,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
  });
  let closed = false;
  /** False once an instance on this thread has failed: everything goes to the worker from then on. */
  let usable = true;

  const keep = (text: string, facts: SqlFacts): SqlFacts => {
    if (facts.ok) cache.put(text, facts);
    return facts;
  };

  return {
    analyse(text) {
      if (closed) {
        return {
          ok: false,
          refusal: refuse('unavailable', 'sql/parser', 'the SQL parser has ended'),
        };
      }
      // A hit costs 0.2 µs, the parse of a short statement 25 µs with its facts.
      const known = cache.get(text);
      if (known !== undefined) return known;
      const early = judgeText(text, textLimit);
      if (early !== undefined) return early;
      if (usable && text.length <= shortText && Buffer.byteLength(text) <= shortText) {
        const { facts, broken } = parse(text);
        if (broken) usable = false;
        return keep(text, facts);
      }
      return lane.analyse(text).then((facts) => keep(text, facts));
    },
    async close() {
      closed = true;
      await lane.close();
    },
  };
}

/** What needs no parser: too long, not text, or nothing at all. */
function judgeText(text: string, limit: number): SqlFacts | undefined {
  const no = (kind: 'limit' | 'unsupported', code: string, message: string): SqlFacts => ({
    ok: false,
    refusal: refuse(kind, code, message),
  });
  if (text.length > limit || Buffer.byteLength(text) > limit) {
    return no('limit', 'sql/too-long', `the text is longer than ${limit} bytes`);
  }
  // The parser stops at a NUL, the server never sees one: what stands behind it would not be decided.
  if (text.includes('\0')) return no('unsupported', 'sql/nul', 'the text holds a NUL character');
  if (!text.isWellFormed()) {
    return no('unsupported', 'sql/encoding', 'the text holds half a surrogate pair');
  }
  if (text.trim() !== '') return undefined;
  // The language's idea of white space is wider than the server's, which reads such a character as an identifier.
  return /^[ \t\n\r\f]*$/.test(text)
    ? EMPTY
    : no('unsupported', 'sql/syntax', 'the statement cannot be parsed: no SQL white space');
}
