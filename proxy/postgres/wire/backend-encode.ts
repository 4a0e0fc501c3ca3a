/**
 * Message -> bytes for what the gateway itself says to a client. PostgreSQL documentation, "Message Formats".
 */
import type { TransactionStatus } from './backend.ts';
import { MessageBuilder } from './byte-writer.ts';

export type Severity = 'FATAL' | 'ERROR' | 'NOTICE' | 'WARNING';

/** An error or notice in PostgreSQL's own terms. */
export interface Report {
  readonly severity: Severity;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** One-based, in characters of the statement. */
  readonly position?: number | undefined;
}

/** Longest message, detail or hint: a client shows them whole. */
const MAX_REPORT_FIELD = 8 * 1024;

/** { Byte1(field) String(value) } ... Byte1(0): `E` for FATAL and ERROR, else `N`. */
export function encodeReport(report: Report): Buffer {
  const builder = new MessageBuilder();
  const field = (letter: string, value: string | undefined): void => {
    if (value !== undefined && value !== '')
      builder.text(letter + value.slice(0, MAX_REPORT_FIELD));
  };
  field('S', report.severity);
  field('V', report.severity);
  field('C', report.sqlstate);
  field('M', report.message === '' ? 'no message' : report.message);
  field('D', report.detail);
  field('H', report.hint);
  field('P', report.position?.toString());
  const isError = report.severity === 'FATAL' || report.severity === 'ERROR';
  return builder.int8(0).message(isError ? 'E' : 'N');
}

export const AUTHENTICATION_OK = new MessageBuilder().int32(0).message('R');
export const AUTHENTICATION_CLEARTEXT = new MessageBuilder().int32(3).message('R');

export function encodeReadyForQuery(status: TransactionStatus): Buffer {
  return new MessageBuilder().int8(status.charCodeAt(0)).message('Z');
}

export function encodeParameterStatus(name: string, value: string): Buffer {
  return new MessageBuilder().text(name).text(value).message('S');
}

export function encodeBackendKey(processId: number, key: Buffer): Buffer {
  return new MessageBuilder().int32(processId).raw(key).message('K');
}

/** Int32(newest version spoken) Int32(count) String[count](options not known). */
export function encodeNegotiateProtocol(minor: number, options: readonly string[]): Buffer {
  const builder = new MessageBuilder().int32((3 << 16) | minor).int32(options.length);
  for (const option of options) builder.text(option);
  return builder.message('v');
}

/** Int16(count) { Int32(length or -1) bytes }[count]. */
export function encodeDataRow(values: readonly (Uint8Array | null)[]): Buffer {
  let size = 2 + 4 * values.length;
  for (const value of values) size += value?.length ?? 0;
  const out = Buffer.allocUnsafe(5 + size);
  out[0] = 0x44;
  out.writeUInt32BE(4 + size, 1);
  out.writeUInt16BE(values.length, 5);
  let at = 7;
  for (const value of values) {
    at = out.writeInt32BE(value === null ? -1 : value.length, at);
    if (value === null) continue;
    out.set(value, at);
    at += value.length;
  }
  return out;
}

export function encodeCopyRow(data: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(5 + data.length);
  out[0] = 0x64;
  out.writeUInt32BE(4 + data.length, 1);
  out.set(data, 5);
  return out;
}
