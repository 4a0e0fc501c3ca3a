/**
 * What of the server's messages the gateway reads: body -> fields. The server is trusted less than the client expects: every
 * field is bounded, a malformed body is `target/protocol` and ends the session. It must not write bytes.
 * PostgreSQL documentation, "Message Formats", "Error and Notice Message Fields".
 */
import { ByteReader } from './byte-reader.ts';

/** Tags by name; the rest of the code never spells a letter. */
export const TAG = {
  authentication: 0x52,
  backendKeyData: 0x4b,
  bindComplete: 0x32,
  closeComplete: 0x33,
  commandComplete: 0x43,
  copyBoth: 0x57,
  copyData: 0x64,
  copyDone: 0x63,
  copyIn: 0x47,
  copyOut: 0x48,
  dataRow: 0x44,
  emptyQuery: 0x49,
  error: 0x45,
  negotiateProtocol: 0x76,
  noData: 0x6e,
  notice: 0x4e,
  notification: 0x41,
  parameterDescription: 0x74,
  parameterStatus: 0x53,
  parseComplete: 0x31,
  portalSuspended: 0x73,
  readyForQuery: 0x5a,
  rowDescription: 0x54,
} as const;

/** `I` idle, `T` in a transaction block, `E` in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface RowField {
  readonly name: string;
  readonly tableOid: number;
  readonly attnum: number;
  readonly typeOid: number;
  readonly format: 'text' | 'binary';
}

export type Authentication =
  | { readonly kind: 'ok' | 'cleartext' }
  | { readonly kind: 'md5'; readonly salt: Buffer }
  | { readonly kind: 'sasl'; readonly mechanisms: readonly string[] }
  | { readonly kind: 'sasl-continue' | 'sasl-final'; readonly data: string }
  | { readonly kind: 'other'; readonly code: number };

const read = (body: Buffer): ByteReader => new ByteReader(body, 'target/protocol');

export function readAuthentication(body: Buffer): Authentication {
  const reader = read(body);
  const code = reader.int32();
  switch (code) {
    case 0:
      return { kind: 'ok' };
    case 3:
      return { kind: 'cleartext' };
    case 5:
      return { kind: 'md5', salt: reader.bytes(4) };
    case 10: {
      const mechanisms: string[] = [];
      for (let name = reader.text(); name !== ''; name = reader.text()) mechanisms.push(name);
      return { kind: 'sasl', mechanisms };
    }
    case 11:
    case 12:
      return {
        kind: code === 11 ? 'sasl-continue' : 'sasl-final',
        data: reader.bytes(reader.left).toString('utf8'),
      };
    default:
      return { kind: 'other', code };
  }
}

export function readParameterStatus(body: Buffer): {
  readonly name: string;
  readonly value: string;
} {
  const reader = read(body);
  const status = { name: reader.text(), value: reader.text() };
  reader.end();
  return status;
}

export function readBackendKey(body: Buffer): { readonly processId: number; readonly key: Buffer } {
  const reader = read(body);
  const processId = reader.int32();
  if (reader.left < 4 || reader.left > 256) reader.fail(`a cancel key of ${reader.left} bytes`);
  return { processId, key: Buffer.from(reader.bytes(reader.left)) };
}

export function readTransactionStatus(body: Buffer): TransactionStatus {
  const reader = read(body);
  const status = String.fromCharCode(reader.int8());
  reader.end();
  if (status === 'I' || status === 'T' || status === 'E') return status;
  return reader.fail(`a transaction status of ${JSON.stringify(status)}`);
}

/** Int16(count) { String(name) Int32(table) Int16(attribute) Int32(type) Int16(size) Int32(modifier) Int16(format) }[count]. */
export function readRowDescription(body: Buffer): readonly RowField[] {
  const reader = read(body);
  const count = reader.count(19);
  const fields = Array.from({ length: count }, (): RowField => {
    const name = reader.text();
    const tableOid = reader.uint32();
    const attnum = reader.int16();
    const typeOid = reader.uint32();
    reader.bytes(6);
    return { name, tableOid, attnum, typeOid, format: reader.int16() === 0 ? 'text' : 'binary' };
  });
  reader.end();
  return fields;
}

/** Int16(count) { Int32(length or -1) bytes }[count]. */
export function readDataRow(body: Buffer): readonly (Buffer | null)[] {
  const reader = read(body);
  const count = reader.count(4);
  const values: (Buffer | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = reader.int32();
    values.push(length === -1 ? null : reader.bytes(length));
  }
  reader.end();
  return values;
}

/** Int8(overall format) Int16(count) Int16[count]; `binary` when any column is. */
export function readCopyResponse(body: Buffer): {
  readonly binary: boolean;
  readonly columns: number;
} {
  const reader = read(body);
  const overall = reader.int8();
  const count = reader.count(2);
  const formats = Array.from({ length: count }, () => reader.int16());
  reader.end();
  return { binary: overall !== 0 || formats.some((format) => format !== 0), columns: count };
}

export function readCommandTag(body: Buffer): string {
  const reader = read(body);
  const tag = reader.text();
  reader.end();
  return tag;
}

/** Fields of an ErrorResponse or NoticeResponse by their letter. */
export function readErrorFields(body: Buffer): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const end = body.length;
  for (let at = 0; at < end && body[at] !== 0; ) {
    const stop = body.indexOf(0, at + 1);
    if (stop < 0) return read(body).fail('an error field without an end');
    // Not every server speaks UTF-8 before the session has its encoding, so bytes that are none are replaced here.
    fields.set(String.fromCharCode(body.readUInt8(at)), body.toString('utf8', at + 1, stop));
    at = stop + 1;
  }
  return fields;
}
