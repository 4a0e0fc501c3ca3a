/**
 * Message -> bytes for what goes to the target. What is forwarded is always written here from the decoded fields, so the target
 * reads exactly what was decided. PostgreSQL documentation, "Message Formats".
 */
import { MessageBuilder, textMessage } from './byte-writer.ts';
import type { Bind, Parse } from './frontend.ts';

const PROTOCOL_3_0 = 196_608;
const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;

export const SYNC = new MessageBuilder().message('S');
export const FLUSH = new MessageBuilder().message('H');
export const COPY_DONE = new MessageBuilder().message('c');
export const TERMINATE = new MessageBuilder().message('X');

export function encodeStartup(parameters: ReadonlyMap<string, string>): Buffer {
  const builder = new MessageBuilder().int32(PROTOCOL_3_0);
  for (const [name, value] of parameters) builder.text(name).text(value);
  return builder.int8(0).untagged();
}

export function encodeSslRequest(): Buffer {
  return new MessageBuilder().int32(SSL_REQUEST).untagged();
}

export function encodeCancelRequest(processId: number, key: Buffer): Buffer {
  return new MessageBuilder().int32(CANCEL_REQUEST).int32(processId).raw(key).untagged();
}

export function encodeQuery(text: string): Buffer {
  return textMessage('Q', text);
}

export function encodeParse(parse: Omit<Parse, 'type'>): Buffer {
  const builder = new MessageBuilder().text(parse.name).text(parse.text);
  builder.int16(parse.parameterTypes.length);
  for (const oid of parse.parameterTypes) builder.uint32(oid);
  return builder.message('P');
}

export function encodeBind(bind: Omit<Bind, 'type'>): Buffer {
  const builder = new MessageBuilder().text(bind.portal).text(bind.statement);
  builder.int16(bind.parameterFormats.length);
  for (const format of bind.parameterFormats) builder.int16(format);
  builder.int16(bind.parameters.length);
  for (const value of bind.parameters) {
    if (value === null) builder.int32(-1);
    else builder.int32(value.length).raw(value);
  }
  builder.int16(bind.resultFormats.length);
  for (const format of bind.resultFormats) builder.int16(format);
  return builder.message('B');
}

export function encodeDescribe(what: 'statement' | 'portal', name: string): Buffer {
  return textMessage('D', (what === 'statement' ? 'S' : 'P') + name);
}

export function encodeClose(what: 'statement' | 'portal', name: string): Buffer {
  return textMessage('C', (what === 'statement' ? 'S' : 'P') + name);
}

export function encodeExecute(portal: string, maxRows: number): Buffer {
  return new MessageBuilder().text(portal).int32(maxRows).message('E');
}

export function encodeCopyData(data: Buffer): Buffer {
  return new MessageBuilder().raw(data).message('d');
}

export function encodeCopyFail(reason: string): Buffer {
  return textMessage('f', reason);
}

export function encodePassword(password: string): Buffer {
  return textMessage('p', password);
}

/** String(mechanism) Int32(length) bytes. */
export function encodeSaslInitial(mechanism: string, response: string): Buffer {
  const bytes = Buffer.from(response, 'utf8');
  return new MessageBuilder().text(mechanism).int32(bytes.length).raw(bytes).message('p');
}

export function encodeSaslResponse(response: string): Buffer {
  return new MessageBuilder().raw(Buffer.from(response, 'utf8')).message('p');
}
