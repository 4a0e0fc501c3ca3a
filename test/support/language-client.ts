/** A client of `sallyport lsp` that speaks JSON-RPC over its standard input and output, with framing of its own. */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { CLI_MAIN } from '../control/cli/run-cli.ts';

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: {
    readonly uri?: string;
    readonly version?: number;
    readonly diagnostics?: readonly Published[];
  };
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Published {
  readonly code: string;
  readonly message: string;
  readonly codeDescription?: { readonly href: string };
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

export interface LanguageClient {
  /** Of the server's process. */
  readonly pid: number;
  request(method: string, params: unknown): Promise<Message>;
  notify(method: string, params: unknown): void;
  /** The number of the last request. */
  lastId(): number;
  /** Opens a text whose cursor is marked `‸`; gives what a request at the cursor takes. */
  open(name: string, marked: string): { textDocument: { uri: string }; position: object };
  /** The next diagnostics of a file for which the predicate holds; it is told the version of the text they are of. */
  diagnostics(
    name: string,
    isWanted: (found: readonly Published[], version: number | undefined) => boolean,
  ): Promise<readonly Published[]>;
  /** The next notification of a method. */
  message(method: string): Promise<unknown>;
  /** Writes bytes as they are. */
  raw(bytes: string): void;
  /** Ends the server's standard input; gives its exit code. */
  hangUp(): Promise<number | null>;
  /** Exit code after shutdown and exit. */
  stop(): Promise<number | null>;
}

export interface LanguageClientOptions {
  readonly initializationOptions?: unknown;
  /** Answers what the server asks. */
  readonly answer?: (method: string, params: unknown) => unknown;
}

/** Starts a server for a folder. */
export async function startLanguageClient(
  folder: string,
  { initializationOptions, answer }: LanguageClientOptions = {},
): Promise<LanguageClient> {
  const child = spawn(process.execPath, [CLI_MAIN, 'lsp', '--stdio'], { cwd: folder });
  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Set<(message: Message) => void>();
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.on('error', () => undefined);
  let bytes = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const end = bytes.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(bytes.toString('latin1', 0, end))?.[1]);
      if (end === -1 || bytes.length < end + 4 + length) return;
      const message = JSON.parse(bytes.toString('utf8', end + 4, end + 4 + length)) as Message;
      bytes = bytes.subarray(end + 4 + length);
      if (typeof message.id === 'number' && message.method === undefined)
        waiting.get(message.id)?.(message);
      if (message.id !== undefined && message.method !== undefined)
        send({ id: message.id, result: answer?.(message.method, message.params) ?? null });
      for (const listener of listeners) listener(message);
    }
  });
  const raw = (text: string): void => void child.stdin.write(text);
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    raw(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  let next = 0;
  const request = (method: string, params: unknown): Promise<Message> => {
    next += 1;
    const id = next;
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    send({ id, method, params });
    return answer;
  };
  const notify = (method: string, params: unknown): void => send({ method, params });
  const uriOf = (name: string): string => pathToFileURL(`${folder}/${name}`).href;
  await request('initialize', {
    processId: null,
    capabilities: {},
    initializationOptions,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'test' }],
  });
  notify('initialized', {});
  return {
    pid: child.pid ?? 0,
    request,
    notify,
    lastId: () => next,
    raw,
    open(name, marked) {
      const before = marked.slice(0, Math.max(0, marked.indexOf('‸'))).split('\n');
      const text = marked.replace('‸', '');
      const uri = uriOf(name);
      notify('textDocument/didOpen', {
        textDocument: { uri, languageId: 'policy', version: 1, text },
      });
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      return { textDocument: { uri }, position };
    },
    diagnostics: (name, isWanted) =>
      new Promise((resolve) => {
        const listener = ({ method, params }: Message): void => {
          const found = params?.diagnostics;
          if (method !== 'textDocument/publishDiagnostics' || params?.uri !== uriOf(name)) return;
          if (found === undefined || !isWanted(found, params?.version)) return;
          listeners.delete(listener);
          resolve(found);
        };
        listeners.add(listener);
      }),
    message: (wanted) =>
      new Promise((resolve) => {
        const listener = ({ method, params }: Message): void => {
          if (method !== wanted) return;
          listeners.delete(listener);
          resolve(params);
        };
        listeners.add(listener);
      }),
    hangUp() {
      child.stdin.end();
      return ended;
    },
    async stop() {
      await request('shutdown', null);
      notify('exit', null);
      return ended;
    },
  };
}
