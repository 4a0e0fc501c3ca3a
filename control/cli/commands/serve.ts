/**
 * `sallyport serve`: answers other proxies and services over OPA's REST API, by policies of any package and inputs of any shape.
 */
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ListenAddress } from '../../../proxy/gate/protocol.ts';
import { formatAddress, parseAddress, parseDuration, parseSize } from '../../config/units.ts';
import { ControlError } from '../../error.ts';
import { createLog, type LogLevel } from '../../log.ts';
import { type DocumentPath, readDocumentPath } from '../../serve/parameters.ts';
import { startServe } from '../../serve/start-serve.ts';
import { findPaths } from '../find-paths.ts';
import { configOption } from '../options.ts';
import { untilStopped } from '../until-stopped.ts';

interface ServeOptions {
  readonly config: string;
  readonly listen: ListenAddress;
  readonly tokenFile?: string;
  readonly dataTokenFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly defaultDecision: DocumentPath;
  readonly envoyDecision: DocumentPath;
  readonly maxBody: number;
  readonly maxRequests: number;
  readonly decisionTimeout: number;
  readonly requestTimeout: number;
  readonly decisionLog?: string;
  readonly watch: boolean;
  readonly logLevel: LogLevel;
}

export function register(program: Command): void {
  program
    .command('serve')
    .description(
      "answer decisions over OPA's REST API until Ctrl-C or SIGTERM; SIGHUP reads policies again",
    )
    .argument(
      '[PATHS...]',
      'policy and data files or folders; those of the configuration when left out',
    )
    .addOption(configOption())
    .addOption(valued('--listen <ADDRESS>', 'where to listen', '127.0.0.1:8181', parseAddress))
    .option(
      '--token-file <FILE>',
      'a file with the token clients show; anyone may ask without it, on loopback only',
    )
    .option(
      '--data-token-file <FILE>',
      'a file with the token for changing data; nobody may without it',
    )
    .option('--tls-cert <FILE>', 'serve TLS with this certificate, PEM')
    .option('--tls-key <FILE>', 'and this key, PEM')
    .option('--tls-client-ca <FILE>', 'and want certificates of clients that this CA signed, PEM')
    .addOption(valued('--default-decision <PATH>', 'what POST / asks', 'system/main', parsePath))
    .addOption(
      valued(
        '--envoy-decision <PATH>',
        'what Envoy asks below /envoy',
        'envoy/authz/allow',
        parsePath,
      ),
    )
    .addOption(valued('--max-body <SIZE>', 'the largest request', '1MiB', parseSize))
    .addOption(valued('--max-requests <COUNT>', 'requests worked on at once', '1024', parseCount))
    .addOption(
      valued('--decision-timeout <TIME>', 'what one decision may take', '1s', parseDuration),
    )
    .addOption(
      valued(
        '--request-timeout <TIME>',
        'what a client may take to send a request',
        '10s',
        parseDuration,
      ),
    )
    .option(
      '--decision-log <FILE>',
      'append every decision to a file as a line of JSON; - is standard output',
    )
    .option('--no-watch', 'do not read policies again when their files change')
    .addOption(
      new Option('--log-level <LEVEL>', 'how much to log to standard error')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .action(async (paths: readonly string[], options: ServeOptions) => {
      const running = await startServe(
        {
          paths: await findPaths(paths, options.config),
          listen: options.listen,
          tokens: {
            ask: readTokenFile(options.tokenFile),
            change: readTokenFile(options.dataTokenFile),
          },
          tls: tlsOf(options),
          limits: {
            bodyBytes: options.maxBody,
            inFlight: options.maxRequests,
            decisionMs: options.decisionTimeout,
            requestMs: options.requestTimeout,
          },
          defaultDecision: options.defaultDecision,
          envoyDecision: options.envoyDecision,
          decisionLog: options.decisionLog,
          watch: options.watch,
        },
        createLog(options.logLevel),
      );
      const stopped = untilStopped();
      process.on('SIGHUP', running.reload);
      const scheme = options.tlsCert === undefined ? 'http' : 'https';
      // Standard output may be the decision log, which holds nothing but decisions.
      const print = options.decisionLog === '-' ? console.error : console.log;
      print(`serving   ${scheme}://${formatAddress(running.address)}`);
      print(`revision  ${running.revision()}`);
      print('running; Ctrl-C stops it');
      flushCompileCache();
      await stopped;
      await running.stop();
    });
}

/** An option whose text a reader understands, or does not. */
function valued<Read>(
  flags: string,
  description: string,
  text: string,
  read: (text: string) => Read | undefined,
): Option {
  const parse = (given: string): Read => {
    const value = read(given);
    if (value === undefined) throw new InvalidArgumentError(`such as ${text}`);
    return value;
  };
  return new Option(flags, description).argParser(parse).default(parse(text), text);
}

function parsePath(text: string): DocumentPath | undefined {
  const path = readDocumentPath(`/${text}`, '/');
  return path.length === 0 ? undefined : path;
}

function parseCount(text: string): number | undefined {
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
}

/** One token and nothing else; the text of a fault never shows it. */
function readTokenFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new ControlError('usage/invalid', `the token file ${file} cannot be read`, {
      cause,
      hint: 'openssl rand -base64 32 > FILE; chmod 600 FILE',
    });
  }
  if (token !== '' && !/\s/.test(token)) return token;
  throw new ControlError('usage/invalid', `${file} does not hold one token`, {
    hint: 'openssl rand -base64 32 > FILE; chmod 600 FILE',
  });
}

function tlsOf({ tlsCert, tlsKey, tlsClientCa }: ServeOptions) {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    const client = tlsClientCa === undefined ? {} : { clientCa: tlsClientCa };
    return { cert: tlsCert, key: tlsKey, ...client };
  }
  throw new ControlError('usage/invalid', 'TLS needs both a certificate and a key', {
    hint: 'give --tls-cert FILE and --tls-key FILE',
  });
}
