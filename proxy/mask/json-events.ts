/**
 * Masks the JSON in a stream of server-sent events (WHATWG HTML, section 9.2): the data of each event is one document. Comments lose
 * their text and fields that no client reads are dropped, for they could carry anything. Data that is not JSON is a fault.
 */
import { ProxyError } from '../error.ts';
import { createJsonMasker, type FieldMask, type JsonMasker } from './json.ts';
import type { MaskKey } from './methods.ts';

/** Bytes of one event. */
const MAX_EVENT_BYTES = 1024 * 1024;
/** What some services send as the last event; it holds nothing. */
const LAST_EVENT = '[DONE]';

export function createEventMasker(masks: readonly FieldMask[], key: MaskKey): JsonMasker {
  const counts: Record<string, number> = {};
  let rest = Buffer.alloc(0);
  let fields: string[] = [];
  let data: string[] = [];
  let size = 0;
  let isFirst = true;

  function maskData(text: string): string {
    if (text === LAST_EVENT) return text;
    const masker = createJsonMasker(masks, key);
    const masked = Buffer.concat([masker.write(Buffer.from(text)), masker.end()]).toString();
    for (const [code, count] of Object.entries(masker.counts)) {
      counts[code] = (counts[code] ?? 0) + count;
    }
    return masked;
  }

  function endEvent(): string {
    const lines = [...fields];
    if (data.length > 0) {
      for (const line of maskData(data.join('\n')).split('\n')) lines.push(`data: ${line}`);
    }
    fields = [];
    data = [];
    size = 0;
    return lines
      .map((line) => `${line}\n`)
      .join('')
      .concat('\n');
  }

  function takeLine(line: string): string {
    size += line.length;
    if (size > MAX_EVENT_BYTES) throw new ProxyError('limit/exceeded', 'an event is too large');
    if (line === '') return endEvent();
    if (line.startsWith(':')) return ':\n';
    const [, name = line, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'data') data.push(value);
    else if (name === 'event' || name === 'id' || name === 'retry')
      fields.push(`${name}: ${value}`);
    return '';
  }

  function write(chunk: Buffer): Buffer {
    let text = Buffer.concat([rest, chunk]);
    if (text.length > MAX_EVENT_BYTES * 2)
      throw new ProxyError('limit/exceeded', 'an event is too large');
    if (isFirst && text.length >= 3) {
      if (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) text = text.subarray(3);
      isFirst = false;
    }
    let out = '';
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const byte = text[at];
      if (byte !== 0x0a && byte !== 0x0d) continue;
      // A CR at the end of a chunk may be half of a CR LF.
      if (byte === 0x0d && at + 1 === text.length) break;
      out += takeLine(text.subarray(from, at).toString('utf8'));
      if (byte === 0x0d && text[at + 1] === 0x0a) at += 1;
      from = at + 1;
    }
    rest = Buffer.from(text.subarray(from));
    return Buffer.from(out);
  }

  // An event without its blank line is never dispatched by a client, so it is not passed on.
  return { write, end: () => Buffer.alloc(0), counts };
}
