/**
 * Where a command takes the caller's token from: a file, standard input, the environment, or the command line, which other users
 * of the machine can read in the list of processes. It does not judge the token.
 */
import { readFileSync } from 'node:fs';
import { ControlError } from '../error.ts';

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

/** The token. Throws `usage/invalid` when there is none, or the file holds no token. */
export function readToken({ token, tokenFile }: TokenSource): string {
  const found = tokenFile === undefined ? (token ?? '') : readTokenFile(tokenFile);
  if (found !== '') return found;
  throw new ControlError('usage/invalid', 'this needs your token', {
    hint: 'pass --token-file FILE or set SALLYPORT_TOKEN; `sallyport token SUBJECT` makes one',
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
