/**
 * Where a command takes the caller's token from: a file, standard input, the environment, the command line, which other users of the
 * machine can read in the list of processes, or else the person's sign-in at the gateway. It does not judge the token.
 */
import { readFileSync } from 'node:fs';
import { ControlError } from '../error.ts';
import { openLoginFile } from './login/login-file.ts';
import { storedToken } from './login/stored-token.ts';

/** The name that stands for standard input. */
const STANDARD_INPUT = '-';
/** Characters of a file that can be a token; a larger file is a mistake. */
const MAX_LENGTH = 16_384;

export interface TokenSource {
  /** From `--token`, or SALLYPORT_TOKEN. */
  readonly token?: string;
  /** From `--token-file`; it goes before `token`. */
  readonly tokenFile?: string;
}

/** The token that was given, or undefined. Throws `usage/invalid` when the file holds none. */
export function readToken({ token, tokenFile }: TokenSource): string | undefined {
  return (tokenFile === undefined ? token : readTokenFile(tokenFile)) || undefined;
}

/** The token for the gateway at `base`, the stored one renewed where need be. Rejects with `usage/invalid` or `login/...`. */
export async function findToken(source: TokenSource, base: string): Promise<string> {
  const given = readToken(source);
  if (given !== undefined) return given;
  const stored = await storedToken(openLoginFile(), new URL(base).origin);
  if (stored !== undefined) return stored;
  throw new ControlError('usage/invalid', 'this needs your token', {
    hint: 'sign in with `sallyport login`, pass --token-file FILE or set SALLYPORT_TOKEN',
  });
}

function readTokenFile(file: string): string {
  const name = file === STANDARD_INPUT ? 'standard input' : file;
  let text: string;
  try {
    text = readFileSync(file === STANDARD_INPUT ? process.stdin.fd : file, 'utf8').trim();
  } catch (cause) {
    throw new ControlError('usage/invalid', `the token cannot be read from ${name}`, {
      cause,
      hint: 'check that it is there and yours to read; `-` is standard input',
    });
  }
  // The text is a secret, perhaps another one: the fault never shows it.
  if (text === '' || text.length > MAX_LENGTH || /\s/.test(text))
    throw new ControlError('usage/invalid', `${name} holds no token`, {
      hint: 'it is to hold one token and nothing else',
    });
  return text;
}
