/**
 * The packets a client may send before it has a session. They have no tag: Int32(length) Int32(code) rest. Exactly four kinds
 * exist; whatever else comes closes the connection. It must not answer anything (`handshake.ts` does).
 *
 * PostgreSQL documentation, "Message Flow: Start-up", "Message Formats: StartupMessage, CancelRequest, SSLRequest, GSSENCRequest".
 */
import { ProxyError } from '../../error.ts';
import { MAX_STARTUP_BYTES } from '../limits.ts';
import { ByteReader } from './byte-reader.ts';

const SSL_REQUEST = 80_877_103;
const GSSENC_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
/** Protocol 3.2 lets a cancel key have 4 to 256 bytes. */
const MIN_KEY_BYTES = 4;
const MAX_KEY_BYTES = 256;
/** Parameters of one start-up; the packet's cap bounds them too. */
const MAX_PARAMETERS = 100;

export type StartupPacket =
  | { readonly kind: 'ssl' }
  | { readonly kind: 'gssenc' }
  | { readonly kind: 'cancel'; readonly processId: number; readonly key: Buffer }
  | {
      readonly kind: 'startup';
      readonly major: number;
      readonly minor: number;
      readonly parameters: ReadonlyMap<string, string>;
    };

/** A packet and the bytes it took, or undefined until more bytes come. Throws `client/protocol`. */
export function readStartupPacket(
  input: Buffer,
): { readonly packet: StartupPacket; readonly size: number } | undefined {
  if (input.length < 4) return undefined;
  const size = input.readUInt32BE(0);
  if (size < 8 || size > MAX_STARTUP_BYTES) {
    throw new ProxyError(
      'client/protocol',
      `start-up packet of ${size} bytes; the limit is ${MAX_STARTUP_BYTES}`,
    );
  }
  if (input.length < size) return undefined;
  const reader = new ByteReader(input.subarray(4, size), 'client/protocol');
  return { packet: readPacket(reader), size };
}

function readPacket(reader: ByteReader): StartupPacket {
  const code = reader.uint32();
  switch (code) {
    case SSL_REQUEST:
      reader.end();
      return { kind: 'ssl' };
    case GSSENC_REQUEST:
      reader.end();
      return { kind: 'gssenc' };
    case CANCEL_REQUEST: {
      const processId = reader.int32();
      if (reader.left < MIN_KEY_BYTES || reader.left > MAX_KEY_BYTES) {
        reader.fail(`a cancel key of ${reader.left} bytes`);
      }
      return { kind: 'cancel', processId, key: Buffer.from(reader.bytes(reader.left)) };
    }
    default:
      return {
        kind: 'startup',
        major: code >>> 16,
        minor: code & 0xffff,
        parameters: readParameters(reader),
      };
  }
}

/** Pairs of text, ended by an empty name. The same name twice is refused: two readers might take different ones. */
function readParameters(reader: ByteReader): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    if (parameters.has(name)) reader.fail(`start-up parameter ${JSON.stringify(name)} twice`);
    if (parameters.size === MAX_PARAMETERS) reader.fail('too many start-up parameters');
    parameters.set(name, reader.text());
  }
  reader.end();
  return parameters;
}
