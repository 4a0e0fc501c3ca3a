/**
 * Masks applied to one action's response: which plan holds for the statement that is answering, rows and COPY lines rewritten,
 * what was masked counted, and what the server says in words withheld, because it can quote values.
 *
 * It must not decide which columns are masked (`proxy/mask` does). Whatever it cannot mask ends the session: fail closed.
 */
import type { Mask } from '../../engine/contract/decision.ts';
import { ProxyError } from '../error.ts';
import type { CatalogSnapshot } from '../mask/catalog.ts';
import { mayReadMasked, planCopy, planRow, type RowPlan } from '../mask/columns.ts';
import type { MaskKey } from '../mask/methods.ts';
import { maskCopyRow, maskField } from '../mask/rows.ts';
import type { AnalysedStatement, StatementDetail } from '../sql/facts.ts';
import { type RowField, readDataRow, readErrorFields } from './wire/backend.ts';
import { encodeCopyRow, encodeDataRow, encodeReport } from './wire/backend-encode.ts';

export interface Masking {
  readonly masks: readonly Mask[];
  readonly catalog: CatalogSnapshot;
  readonly key: MaskKey;
  /** One for each statement of the action, names resolved. */
  readonly statements: readonly AnalysedStatement[];
  /** Told when a result names a table that the snapshot does not have. */
  readonly onUnknownTable: () => void;
}

const NEWLINE = 0x0a;

const READING: ReadonlySet<string> = new Set(['read', 'session']);

/** Class 42, syntax errors and access rule violations: found before a row is looked at, they quote the text and names only. */
function isAboutText(sqlstate: string): boolean {
  return sqlstate.startsWith('42');
}

export class RowMasker {
  readonly #masking: Masking;
  #plan: RowPlan;
  #planned = false;
  /** Some statement of the action may read a masked column: words of the server could quote it. */
  readonly #withholds: boolean;
  /** Some statement writes: an error can quote rows and keys that it does not read itself (a failing row, a referenced key). */
  readonly #writes: boolean;
  /** Cells masked so far by mask code. */
  readonly masked: Record<string, number> = {};

  constructor(masking: Masking) {
    this.#masking = masking;
    const { masks, catalog, statements } = masking;
    this.#withholds = statements.some(({ detail }) => mayReadMasked(masks, catalog, detail));
    this.#writes = statements.some(({ statement }) => !READING.has(statement.class));
  }

  /** True when rows may pass unseen: their description has come and nothing in them is masked. */
  get isIdle(): boolean {
    return this.#planned && this.#plan === undefined;
  }

  /** The rows of statement number `index` (from 0) will have these fields. */
  beginRows(index: number, fields: readonly RowField[]): void {
    const { masks, catalog, onUnknownTable } = this.#masking;
    if (fields.some(({ tableOid }) => tableOid !== 0 && !catalog.relations.has(tableOid)))
      onUnknownTable();
    this.#plan = planRow(masks, catalog, this.#detail(index), fields);
    this.#planned = true;
  }

  beginCopy(index: number, binary: boolean): void {
    const { masks, catalog } = this.#masking;
    this.#plan = planCopy(masks, catalog, this.#detail(index));
    this.#planned = true;
    if (binary && this.#plan !== undefined) throw unmaskable('binary COPY data');
  }

  /** The statement has answered; the next one has a plan of its own. */
  end(): void {
    this.#plan = undefined;
    this.#planned = false;
  }

  /** The row as the client gets it; true when nothing in it is masked. */
  row(body: Buffer): true | Buffer {
    const plan = this.#active('a row without a description');
    if (plan === undefined) return true;
    const values = readDataRow(body);
    if (values.length !== plan.length) throw unmaskable('a row of another width than described');
    const { key } = this.#masking;
    const masked = values.map((value, index) => {
      const column = plan[index];
      if (column === undefined || !column.mask) return value;
      if (value !== null) this.#count(column.code);
      return maskField(column, value, key);
    });
    return encodeDataRow(masked);
  }

  /** One CopyData message; the server sends whole lines. */
  copyData(body: Buffer): true | Buffer {
    const plan = this.#active('COPY data without a plan');
    if (plan === undefined) return true;
    if (body[body.length - 1] !== NEWLINE) throw unmaskable('a COPY line in pieces');
    const out: Uint8Array[] = [];
    for (let at = 0; at < body.length; ) {
      const end = body.indexOf(NEWLINE, at);
      for (const column of plan) if (column.mask) this.#count(column.code);
      out.push(maskCopyRow(plan, body.subarray(at, end), this.#masking.key), LINE_END);
      at = end + 1;
    }
    return encodeCopyRow(Buffer.concat(out));
  }

  /** An error or notice of the server without its words, where they can quote masked values; true lets it pass. */
  withhold(body: Buffer, isError: boolean): true | Buffer {
    if (!this.#withholds && !this.#writes) return true;
    const fields = readErrorFields(body);
    if (!this.#withholds && isAboutText(fields.get('C') ?? '')) return true;
    const said = fields.get('V') ?? fields.get('S');
    const sqlstate = fields.get('C') ?? 'XX000';
    return encodeReport({
      severity: isError ? (said === 'FATAL' || said === 'PANIC' ? 'FATAL' : 'ERROR') : 'NOTICE',
      sqlstate,
      message: isError
        ? `the statement failed with SQLSTATE ${sqlstate}; the text of the error is withheld because columns are masked`
        : 'the text of a notice is withheld because columns are masked',
      position: Number(fields.get('P')) || undefined,
    });
  }

  #active(what: string): RowPlan {
    if (!this.#planned) throw unmaskable(what);
    return this.#plan;
  }

  #detail(index: number): StatementDetail {
    const detail = this.#masking.statements[index]?.detail;
    if (detail === undefined) throw unmaskable('more results than statements');
    return detail;
  }

  #count(code: string): void {
    this.masked[code] = (this.masked[code] ?? 0) + 1;
  }
}

/** An integrity error (class 23) without its DETAIL, which quotes keys and rows; true lets anything else pass. */
export function withholdKeys(body: Buffer): true | Buffer {
  const fields = readErrorFields(body);
  const sqlstate = fields.get('C') ?? '';
  if (!sqlstate.startsWith('23')) return true;
  return encodeReport({
    severity: fields.get('V') === 'FATAL' ? 'FATAL' : 'ERROR',
    sqlstate,
    message: fields.get('M') ?? '',
    detail: 'withheld because columns are masked',
  });
}

const LINE_END = Buffer.from([NEWLINE]);

function unmaskable(what: string): ProxyError {
  return new ProxyError('target/protocol', `the target sent ${what}, which cannot be masked`);
}
