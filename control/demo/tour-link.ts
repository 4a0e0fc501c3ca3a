/**
 * Somebody who answers by the link they were sent, in a browser: opens the page, reads what will run, presses a button.
 */
import { readInbox } from './inbox.ts';
import type { Actor, DemoEndpoints, Print } from './tour-client.ts';

/** Milliseconds a message may take to arrive. */
const DEADLINE_MS = 20_000;
const POLL_MS = 100;
/** Characters of a link that are shown. */
const SHOWN_LINK = 60;

/** Waits for a message that is not about `known`, and approves by its link. */
export async function approveByLink(
  demo: DemoEndpoints,
  approver: Actor,
  known: string | undefined,
  print: Print,
): Promise<void> {
  const message = await nextMessage(demo, approver, known);
  print(`${approver} got a message: ${message.headline}`);
  print(`${approver} opens ${message.url.slice(0, SHOWN_LINK)}…`);
  const page = await (await fetch(message.url)).text();
  print(`  will run:   ${textOf(page, /<pre[^>]*><code>([\s\S]*?)<\/code>/).split('\n')[0]}`);
  print(`  on behalf:  ${textOf(page, /on whose behalf<\/dt><dd>(.*?)<\/dd>/)}`);
  print(`${approver} presses Approve`);
  const answered = await fetch(new URL('/answer', message.url), {
    method: 'POST',
    body: new URLSearchParams({
      link: textOf(page, /name="link" value="([^"]+)"/),
      answer: 'approve',
      note: '',
    }),
  });
  print(`  ${textOf(await answered.text(), /<h1>(.*?)<\/h1>/)}`);
}

/** What the newest message to this person is about. */
export function newestMessage(demo: DemoEndpoints, approver: Actor): string | undefined {
  return readInbox(demo.configFile, approver)?.approval;
}

async function nextMessage(demo: DemoEndpoints, approver: Actor, known: string | undefined) {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const message = readInbox(demo.configFile, approver);
    if (message !== undefined && message.approval !== known) return message;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`no message came within ${DEADLINE_MS / 1000} s`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function textOf(page: string, pattern: RegExp): string {
  const found = pattern.exec(page)?.[1] ?? '';
  return found.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
