/**
 * Which gateway a command asks: the one it is told, the one of the configuration in this folder, else the one signed in to last.
 */
import { existsSync } from 'node:fs';
import { loadConfig } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { ControlError } from '../error.ts';
import { apiUrlOf } from '../listen.ts';
import { readPresence } from '../presence.ts';
import { type LoginFile, openLoginFile } from './login/login-file.ts';

export interface GatewayOptions {
  readonly config: string;
  readonly api?: string;
}

/** Address of its HTTP API. Throws `config/...` or `usage/invalid`. */
export function findGateway(
  options: GatewayOptions,
  logins: Pick<LoginFile, 'current'> = openLoginFile(),
): string {
  if (options.api !== undefined) {
    if (URL.canParse(options.api) && /^https?:$/.test(new URL(options.api).protocol))
      return options.api;
    throw new ControlError('usage/invalid', `\`${options.api}\` is not an address of a gateway`, {
      hint: 'write `https://host` or `http://127.0.0.1:7070`',
    });
  }
  const current = existsSync(options.config) ? undefined : logins.current;
  return current ?? ofConfiguration(options.config);
}

/** The configuration; without one the advice is how to name a gateway, since who asks one need not have its file. */
function loadNamed(config: string): Settings {
  try {
    return loadConfig(config);
  } catch (cause) {
    if (!(cause instanceof ControlError) || cause.code !== 'config/not-found') throw cause;
    throw new ControlError('config/not-found', `no gateway is named, and ${cause.message}`, {
      cause,
      hint: 'name it with --api URL or SALLYPORT_API, sign in with `sallyport login --api URL`, or name its file with --config FILE',
    });
  }
}

/** Where the gateway of this configuration listens: its own note while it runs, else what the configuration says. */
function ofConfiguration(config: string): string {
  const settings = loadNamed(config);
  const configured = { ...settings.listen.api, tls: settings.tls?.api === true };
  return apiUrlOf(settings, readPresence(settings.stateDir)?.api ?? configured);
}
