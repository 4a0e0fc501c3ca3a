/**
 * From SQL to the gate's answer for one connection: facts, names resolved, submitted, masks made ready. What comes out is either
 * a refusal or an action that may be forwarded. It contains no authorisation of its own.
 */
import type { GateSession } from '../gate/gate.ts';
import { isRefusal, type Refusal, refuse } from '../gate/refusal.ts';
import type { HoldNotice } from '../gate/verdict.ts';
import type { CatalogSnapshot } from '../mask/catalog.ts';
import { checkMaskable } from '../mask/columns.ts';
import type { MaskKey } from '../mask/methods.ts';
import type { AnalysedStatement, SqlAnalyser } from '../sql/facts.ts';
import type { Running } from './response-tracker.ts';
import { mayLeaveRole, ROLE_KEPT } from './role-guard.ts';
import { RowMasker } from './row-masker.ts';
import { createSessionContext } from './session-context.ts';
import { createSessionReason } from './session-reason.ts';
import { type ActionParts, describeAction, describeUnknown } from './sql-action.ts';
import type { Resolved } from './statement-names.ts';

/** Where masking gets the catalog of the target from. */
export interface CatalogSource {
  /** Rejects when it cannot be had. */
  load(): Promise<CatalogSnapshot>;
  /** The next `load` reads it anew. */
  invalidate(): void;
}

export interface StatementGateOptions {
  readonly session: GateSession;
  readonly analyser: SqlAnalyser;
  readonly catalog: CatalogSource;
  readonly maskKey: MaskKey;
  readonly onHold: (notice: HoldNotice) => void;
  /** Of the start-up packet, as sent on to the target. */
  readonly settings: ReadonlyMap<string, string>;
  /** The session runs as a role that it must not leave. */
  readonly hasRole: boolean;
}

/** The action number of what needs no decision because it runs nothing: an empty text. */
export const NO_ACTION = 0;

export interface StatementGate {
  /** The statements of a text, or why they cannot be known. */
  analyse(
    text: string,
  ): readonly AnalysedStatement[] | Refusal | Promise<readonly AnalysedStatement[] | Refusal>;
  /** Decides, holds, records; resolves to what may be forwarded. */
  admit(parts: ActionParts): Promise<Running | Refusal>;
  /** Records what is refused whatever the policy says, because it cannot be read. */
  recordUnknown(
    verb: string,
    text: string,
    inTransaction: boolean,
    refusal: Refusal,
  ): Promise<void>;
  /** Withdraws what is waiting; true when something was. */
  cancel(): boolean;
}

export function createStatementGate(options: StatementGateOptions): StatementGate {
  const { session, analyser, catalog, maskKey } = options;
  const context = createSessionContext(options.settings);
  const remark = createSessionReason();
  let pending: AbortController | undefined;

  async function submit(
    action: ReturnType<typeof describeAction>,
    statements: readonly AnalysedStatement[] = [],
  ): ReturnType<GateSession['submit']> {
    const controller = new AbortController();
    pending = controller;
    try {
      const { signal } = controller;
      const reason = remark.for(statements);
      return await session.submit(action, { onHold: options.onHold, signal, reason });
    } finally {
      pending = undefined;
    }
  }

  async function abandon(action: number, refusal: Refusal): Promise<Refusal> {
    await session.finish(action, {
      status: 'aborted',
      detail: refusal.code,
      rows: 0,
      bytes: 0,
      masked: {},
    });
    return refusal;
  }

  /** What may be forwarded now. */
  function pass(
    action: number,
    masker: RowMasker | undefined,
    statements: readonly Resolved[],
  ): Running {
    for (const statement of statements) context.note(statement);
    remark.note(statements);
    return begin(action, masker, statements);
  }

  return {
    analyse(text) {
      const facts = analyser.analyse(text);
      return facts instanceof Promise ? facts.then(readFacts) : readFacts(facts);
    },

    async admit(parts) {
      const { statements } = parts;
      if (statements.length === 0) return begin(NO_ACTION, undefined, statements);
      const verdict = await submit(
        describeAction({ ...parts, context: context.lines }),
        statements,
      );
      if (isRefusal(verdict)) return verdict;
      if (statements.some((each) => isUnreadable(each, parts)))
        return abandon(verdict.action, refuseLexer());
      if (options.hasRole && statements.some(mayLeaveRole))
        return abandon(verdict.action, ROLE_KEPT);
      if (verdict.masks.length === 0) return pass(verdict.action, undefined, statements);
      if (
        verdict.masks.some(({ detector }) => detector !== undefined) &&
        statements.some(answersRows)
      ) {
        return abandon(verdict.action, refuseDetector());
      }
      const snapshot = await catalog.load().catch(() => undefined);
      if (snapshot === undefined) return abandon(verdict.action, refuseWithoutCatalog());
      for (const statement of statements) {
        const refusal = statement.unknownName
          ? refuseUnknownName()
          : checkMaskable(verdict.masks, snapshot, statement.detail);
        if (refusal !== undefined) return abandon(verdict.action, refusal);
      }
      const masker = new RowMasker({
        masks: verdict.masks,
        catalog: snapshot,
        key: maskKey,
        statements,
        onUnknownTable: catalog.invalidate,
      });
      return pass(verdict.action, masker, statements);
    },

    async recordUnknown(verb, text, inTransaction, refusal) {
      const verdict = await submit(describeUnknown(verb, text, inTransaction));
      if (!isRefusal(verdict)) await abandon(verdict.action, refusal);
    },

    cancel() {
      pending?.abort();
      return pending !== undefined;
    },
  };
}

function readFacts(
  facts: Awaited<ReturnType<SqlAnalyser['analyse']>>,
): readonly AnalysedStatement[] | Refusal {
  if (!facts.ok) return facts.refusal;
  return facts.statements.map((statement, index): AnalysedStatement => {
    const detail = facts.detail[index];
    if (detail === undefined) throw new TypeError('a statement without its detail');
    return { statement, detail };
  });
}

function begin(
  action: number,
  masker: RowMasker | undefined,
  statements: readonly Resolved[],
): Running {
  return {
    action,
    masker,
    takesCopy: statements.some(({ detail }) => detail.copy?.direction === 'from'),
    changesSchema: statements.some(
      ({ statement }) => statement.class === 'ddl' || statement.opaque,
    ),
    rows: 0,
    bytes: 0,
    completed: 0,
    tag: '',
    sqlstate: '',
  };
}

/** Settings that decide how text is read. */
const LEXER_SETTINGS: ReadonlySet<string> = new Set([
  'standard_conforming_strings',
  'client_encoding',
]);

/**
 * A setting that is computed can be any; after a simple query the server tells what changed before anything more is read, and
 * the session ends if it must. In a pipeline the next text would be read too early.
 */
function isUnreadable({ statement, detail }: Resolved, parts: ActionParts): boolean {
  if (!detail.changesLexer) return false;
  return (
    parts.parameters !== undefined ||
    statement.settings.some(({ name }) => LEXER_SETTINGS.has(name))
  );
}

function answersRows({ detail }: Resolved): boolean {
  return detail.returnsRows || detail.copy?.toClient === true;
}

function refuseDetector(): Refusal {
  return refuse(
    'unsupported',
    'mask-unenforceable',
    'masks by detector cannot be kept for SQL results',
    {
      hint: 'Mask by `column` instead.',
    },
  );
}

function refuseLexer(): Refusal {
  return refuse(
    'unsupported',
    'sql/lexer',
    'this setting would change how the gateway must read SQL',
    {
      hint: 'Leave standard_conforming_strings on and client_encoding at UTF8.',
    },
  );
}

function refuseWithoutCatalog(): Refusal {
  return refuse(
    'unavailable',
    'mask-unenforceable',
    'columns are masked here and the catalog could not be read',
    {
      hint: 'Try again; if it persists, the gateway cannot read the catalog of the target.',
    },
  );
}

function refuseUnknownName(): Refusal {
  return refuse(
    'unsupported',
    'mask-unenforceable',
    'columns are masked here and what this name stands for is not known',
    {
      hint: 'Send the statement itself instead of a name for it.',
    },
  );
}
