/**
 * Where a person's sign-ins are kept between commands: one file in their own configuration folder, mode 0600, replaced whole. What it
 * holds is secret and is never printed; a file that others could read is refused. Two commands at once take turns.
 */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ControlError } from '../../error.ts';

const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;
const VERSION = 1;
const MAX_BYTES = 4 * 1024 * 1024;
/** Milliseconds after which a lock is of a command that died. */
const STALE_LOCK_MS = 30_000;
const LOCK_POLL_MS = 50;

/** One person at one gateway. */
export interface StoredLogin {
  /** Origin of its HTTP API: the only place the token is ever sent to. */
  readonly gateway: string;
  readonly provider: string;
  readonly issuer: string;
  readonly clientId?: string;
  readonly subject: string;
  readonly token: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** `sub` at the provider; a renewal is of nobody else. */
  readonly providerSubject?: string;
  readonly refreshToken?: string;
  /** The last ID token, which tells the provider whose session to end. */
  readonly idToken?: string;
}

export interface LoginFile {
  readonly path: string;
  find(gateway: string): StoredLogin | undefined;
  /** The gateway signed in to last. */
  readonly current: string | undefined;
  /** Keeps one login for each gateway; the last one kept is current. */
  keep(login: StoredLogin): void;
  forget(gateway: string): void;
  /** Runs `work` while no other command renews or replaces a login. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

interface Content {
  readonly version: number;
  readonly current?: string;
  readonly logins: readonly StoredLogin[];
}

/** `sallyport/login.json` in the folder that the person's system has for this. */
export function loginPath(env: Readonly<Record<string, string | undefined>>): string {
  const base =
    env['XDG_CONFIG_HOME'] || env['APPDATA'] || join(env['HOME'] || homedir(), '.config');
  return join(base, 'sallyport', 'login.json');
}

export function openLoginFile(path: string = loginPath(process.env)): LoginFile {
  const empty: Content = { version: VERSION, logins: [] };

  function read(): Content {
    const text = readPrivate(path);
    if (text === undefined) return empty;
    try {
      const content = JSON.parse(text) as Content;
      if (content.version === VERSION && Array.isArray(content.logins)) return content;
    } catch {
      // Told below; the text itself is secret.
    }
    throw new ControlError('state/login-unreadable', `${path} cannot be understood`, {
      hint: 'delete it and sign in anew with `sallyport login`',
    });
  }

  const write = (content: Content): void => replacePrivate(path, content);
  const without = (content: Content, gateway: string): readonly StoredLogin[] =>
    content.logins.filter((login) => login.gateway !== gateway);

  return {
    path,
    find: (gateway) => read().logins.find((login) => login.gateway === gateway),
    get current() {
      return read().current;
    },
    keep(login) {
      const logins = [...without(read(), login.gateway), login];
      write({ version: VERSION, current: login.gateway, logins });
    },
    forget(gateway) {
      const content = read();
      const logins = without(content, gateway);
      const current = content.current === gateway ? logins.at(-1)?.gateway : content.current;
      if (logins.length === 0) rmSync(path, { force: true });
      else write({ version: VERSION, ...(current === undefined ? {} : { current }), logins });
    },
    async alone(work) {
      const lock = `${path}.lock`;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      while (!takeLock(lock)) await delay(LOCK_POLL_MS);
      try {
        return await work();
      } finally {
        rmSync(lock, { force: true });
      }
    },
  };
}

/** Undefined when there is no such file. No link is followed, and the file that was checked is the one that is read. */
function readPrivate(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new ControlError('state/login-unreadable', `${path} cannot be read`, {
      cause,
      hint: 'it is to be a file of your own, no link',
    });
  }
  try {
    const { mode, uid, size } = fstatSync(file);
    const isOthers = process.getuid !== undefined && uid !== process.getuid();
    if (isOthers || (process.platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0))
      throw new ControlError('state/key-exposed', `${path} is not yours alone`, {
        hint: `delete it and sign in anew: others may have read what it holds (mode ${(mode & 0o777).toString(8)})`,
      });
    if (size > MAX_BYTES)
      throw new ControlError('state/login-unreadable', `${path} is too large to be right`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** A reader sees the old text or the new one, never a part. */
function replacePrivate(path: string, content: Content): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(content, undefined, 2)}\n`, {
      mode: OWNER_ONLY,
      flag: 'wx',
      flush: true,
    });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new ControlError('state/not-writable', `${path} cannot be written`, {
      cause,
      hint: 'check the owner of its folder, or name another with XDG_CONFIG_HOME',
    });
  }
}

function takeLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', OWNER_ONLY));
    return true;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  const stat = statSync(lock, { throwIfNoEntry: false });
  if (stat !== undefined && Date.now() - stat.mtimeMs > STALE_LOCK_MS)
    rmSync(lock, { force: true });
  return false;
}
