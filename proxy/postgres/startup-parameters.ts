/**
 * Start-up parameters are input: some change what later SQL means. Known harmless ones are passed on, everything else is
 * refused by name. It must not know resources or identities beyond their names.
 */
import { REASON_SETTING, readClientReason } from '../gate/client-reason.ts';
import { type Refusal, refuse } from '../gate/refusal.ts';

export interface StartupRequest {
  readonly user: string;
  /** The resource asked for: `shop`, or the first part of `shop/orders`. */
  readonly resource: string;
  /** The second part; undefined where none is given. */
  readonly database: string | undefined;
  readonly application: string;
  /** Why the client says it connects; the target is not told. */
  readonly reason: string | undefined;
  /** Settings for the target, by the server's own names. */
  readonly settings: ReadonlyMap<string, string>;
  /** Protocol options (`_pq_.`) that are not known here; the client is told. */
  readonly unknownOptions: readonly string[];
}

/** Settings that change how values are shown or how long things may take, never what a statement means. */
const PASSED_ON: ReadonlyMap<string, string> = new Map(
  [
    'DateStyle',
    'IntervalStyle',
    'TimeZone',
    'extra_float_digits',
    'statement_timeout',
    'lock_timeout',
    'idle_in_transaction_session_timeout',
  ].map((name) => [name.toLowerCase(), name]),
);

const UTF8_NAMES: ReadonlySet<string> = new Set(['utf8', 'utf-8', 'unicode']);
const OFF_VALUES: ReadonlySet<string> = new Set(['', 'false', 'off', 'no', '0']);

export function readStartupRequest(
  parameters: ReadonlyMap<string, string>,
): StartupRequest | Refusal {
  const settings = new Map<string, string>();
  const unknownOptions: string[] = [];
  let user = '';
  let target = '';
  let application = '';
  let reason: string | undefined;
  for (const [name, value] of parameters) {
    const key = name.toLowerCase();
    const passed = PASSED_ON.get(key);
    if (passed !== undefined) settings.set(passed, value);
    else if (name === 'user') user = value;
    else if (name === 'database') target = value;
    else if (key === 'application_name') application = value;
    else if (key === REASON_SETTING) reason = readClientReason(value);
    else if (key === 'options') {
      const said = readOptions(value);
      if (said === undefined) return refuseParameter(name, value);
      reason = readClientReason(said) ?? reason;
    } else if (key.startsWith('_pq_.')) unknownOptions.push(name);
    else if (!isWithoutEffect(key, value)) return refuseParameter(name, value);
  }
  if (user === '') return refuse('unauthenticated', 'startup/no-user', 'no user name was given');
  // The server takes the user's name for an absent database; so does this, before anything is checked against it.
  const [resource = '', ...rest] = (target === '' ? user : target).split('/');
  const database = rest.length > 0 ? rest.join('/') : undefined;
  return { user, resource, database, application, reason, settings, unknownOptions };
}

/** Parameters that clients send with a value that asks for nothing. */
function isWithoutEffect(key: string, value: string): boolean {
  if (key === 'client_encoding') {
    const name = value.toLowerCase().replaceAll("'", '');
    return UTF8_NAMES.has(name);
  }
  if (key === 'replication') return OFF_VALUES.has(value.toLowerCase());
  if (key === 'standard_conforming_strings') return value.toLowerCase() === 'on';
  return false;
}

/**
 * The reason in `options`, empty where there is none; undefined where anything else is asked for. The server splits at white space
 * unless a backslash stands before it, and takes `-c name=value` and `--name=value`.
 */
function readOptions(value: string): string | undefined {
  let reason = '';
  const words = [...value.matchAll(/(?:\\[\s\S]|[^\s\\])+/g)].map(([word]) =>
    word.replace(/\\([\s\S])/g, '$1'),
  );
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const setting = word === '-c' ? (words[++at] ?? '') : word.replace(/^(?:-c|--)/, '');
    const name = setting.slice(0, REASON_SETTING.length + 1).toLowerCase();
    if (setting === word || name !== `${REASON_SETTING}=`) return undefined;
    reason = setting.slice(REASON_SETTING.length + 1);
  }
  return reason;
}

function refuseParameter(name: string, value: string): Refusal {
  const shown = JSON.stringify(name.slice(0, 64));
  if (name.toLowerCase() === 'client_encoding') {
    return refuse(
      'unsupported',
      'startup/encoding',
      `client encoding ${JSON.stringify(value.slice(0, 64))} is not supported`,
      { hint: 'Set PGCLIENTENCODING=UTF8.' },
    );
  }
  return refuse(
    'unsupported',
    'startup/parameter',
    `start-up parameter ${shown} is not supported`,
    {
      hint:
        name === 'options'
          ? 'Give a reason at most (`-c sallyport.reason=...`) and send SET statements, which the policy can see.'
          : 'Leave it out, or send a SET statement, which the policy can see.',
    },
  );
}
