/**
 * One journal entry as lines for a person. What came from a client is shown harmless.
 */
import type { Reason } from '../../engine/contract/decision.ts';
import type { ActionDecided, JournalEntry } from '../../proxy/gate/record.ts';
import { harmless, plural } from './print.ts';

/** Lines of one text that are shown. */
const MAX_LINES = 40;
const MARGIN = ' '.repeat(14);

/** The entry, its time in front, details indented below. */
export function describeEntry(entry: JournalEntry): readonly string[] {
  const time = entry.at.slice(11, 23);
  const [first = '', ...rest] = describe(entry).map(harmless);
  return [`${time}  ${first}`, ...rest.map((line) => `${MARGIN}${line}`)];
}

function describe(entry: JournalEntry): readonly string[] {
  switch (entry.type) {
    case 'session.opened': {
      const { identity, resource, client } = entry;
      const chain =
        identity.on_behalf_of === undefined ? '' : ` for ${identity.on_behalf_of.subject}`;
      return [
        `OPENED    ${identity.subject}${chain} (${identity.kind}) on ${resource.name}`,
        `from ${client.ip} with ${client.application || 'an unnamed client'}, ${client.fingerprint}`,
      ];
    }
    case 'session.refused':
      return [`REFUSED   ${entry.message} (${entry.code}), asked for ${entry.resource}`];
    case 'action.decided':
      return describeDecided(entry);
    case 'action.finished': {
      const { status, detail, rows, bytes, masked } = entry.outcome;
      const hidden = Object.entries(masked).map(([code, count]) => `${count} x ${code}`);
      return [
        `  done #${entry.action}  ${status} ${detail}, ${plural(rows, 'row')}, ${plural(bytes, 'byte')}`,
        ...(hidden.length > 0 ? [`masked ${hidden.join(', ')}`] : []),
      ];
    }
    case 'approval.requested':
      return [`  ask  #${entry.action}  approval ${entry.approval} for ${entry.code}`];
    case 'approval.granted':
    case 'approval.denied':
    case 'approval.expired':
    case 'approval.cancelled': {
      const by = entry.by.length === 0 ? '' : ` by ${entry.by.join(', ')}`;
      const note = entry.note === undefined ? '' : `: ${entry.note}`;
      const outcome = entry.type.slice('approval.'.length);
      return [`  ${outcome} #${entry.action}  approval ${entry.approval}${by}${note}`];
    }
    case 'approval.step': {
      const by = entry.by === undefined ? '' : ` by ${entry.by.subject} (${entry.by.via})`;
      const note = entry.note === undefined ? '' : `: ${entry.note}`;
      return [`  ${entry.step.padEnd(8)} approval ${entry.approval} is ${entry.to}${by}${note}`];
    }
    case 'policy.loaded':
      return [`POLICY    ${entry.revision}`];
    case 'identity.signed-in':
    case 'identity.delegated':
    case 'identity.consented':
    case 'identity.consent-ended':
    case 'identity.break-glass':
    case 'identity.connected':
    case 'identity.key-created':
    case 'identity.key-revoked':
      return [`${entry.type.slice('identity.'.length).toUpperCase()}  ${entry.detail}`];
    case 'secret.set':
    case 'secret.removed':
    case 'secret.rekeyed':
      return [`SECRET    ${entry.detail}`];
    case 'api.called': {
      const refused = entry.refused === undefined ? '' : `, refused (${entry.refused})`;
      return [`API       ${entry.operation} by ${entry.by.subject}${refused}`];
    }
    case 'session.ended':
      return [`ENDED     by ${entry.by}${entry.reason === undefined ? '' : `: ${entry.reason}`}`];
    case 'session.closed':
      return [
        `CLOSED    ${entry.cause}, ${plural(entry.actions, 'action')}, ${plural(entry.rows, 'row')}`,
      ];
  }
}

const VERDICTS: Readonly<Record<ActionDecided['verdict'], string>> = {
  allow: 'ALLOWED',
  block: 'BLOCKED',
  hold: 'HELD',
};

function describeDecided(entry: ActionDecided): readonly string[] {
  const { input, decision } = entry;
  const text = (input.text ?? input.verb).split('\n');
  const more = text.length - MAX_LINES;
  return [
    `${VERDICTS[entry.verdict].padEnd(8)} #${entry.action}  ${text[0] ?? ''}`,
    ...text.slice(1, MAX_LINES).map((line) => `    ${line}`),
    ...(more > 0 ? [`    ... and ${more} lines more`] : []),
    ...(entry.truncated === true ? ['(shortened; the digest covers all of it)'] : []),
    ...decision.reasons.map(describeReason),
    ...(entry.grants.length > 0 ? [`under the grant ${entry.grants.join(', ')}`] : []),
  ];
}

function describeReason({ code, reason, rule }: Reason): string {
  const where =
    rule === undefined ? '' : `  (${rule.package}.${rule.name}, ${rule.file}:${rule.line})`;
  return `${code}: ${reason}${where}`;
}
