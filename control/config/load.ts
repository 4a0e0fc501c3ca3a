/**
 * The configuration file, read whole: text, notation, schema, references, settings. Every fault found is rendered into one
 * `ControlError`; a configuration with a fault is never used in part.
 */
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Source } from '../../lang/source.ts';
import { ControlError } from '../error.ts';
import { type ConfigText, readConfigText } from './document.ts';
import { type ConfigProblem, renderProblem } from './problem.ts';
import type { ConfigDocument } from './schema.ts';
import { type Settings, toSettings } from './settings.ts';
import { type Surroundings, substitute } from './substitute.ts';
import { validateConfig } from './validate.ts';

/** The file that is read when none is named. */
export const CONFIG_FILE = 'sallyport.yaml';

/** Settings or problems of a configuration text; `file` is where it would lie, and relative paths begin there. */
export function parseConfig(
  source: Source,
  file: string,
  surroundings: Surroundings,
): { readonly settings?: Settings; readonly problems: readonly ConfigProblem[] } {
  const { value: text, problems } = readConfigText(source);
  if (text === undefined) return { problems };
  const validation = validateConfig(text);
  if (validation.problems.length > 0) return { problems: validation.problems };
  const substituted = substitute(text, validation.expansions, surroundings);
  if (substituted.problems.length > 0) return { problems: substituted.problems };
  const { settings, faults } = toSettings(substituted.data as ConfigDocument, file);
  return faults.length > 0
    ? { problems: faults.map((fault) => toProblem(text, fault)) }
    : { settings, problems: [] };
}

/** Reads and checks a configuration file; throws `config/...` errors with every problem rendered. */
export function loadConfig(
  file: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const path = resolve(file);
  const source = { name: relative('', path) || path, text: readText(path, file) };
  const { settings, problems } = parseConfig(source, path, {
    env,
    readFile: (name) => readFileSync(resolve(dirname(path), name), 'utf8'),
  });
  if (settings !== undefined) return settings;
  throw new ControlError(
    'config/invalid',
    `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`,
    {
      details: problems.map(renderProblem),
      hint: 'docs/configuration.md lists every key with its bounds and default',
    },
  );
}

function toProblem(
  text: ConfigText,
  fault: { path: readonly (string | number)[]; message: string; help: string | undefined },
): ConfigProblem {
  return {
    code: fault.message.endsWith('used twice') ? 'config/duplicate' : 'config/wrong-value',
    message: fault.message,
    help: fault.help,
    source: text.source,
    span: text.valueSpan(fault.path),
  };
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw missing
      ? new ControlError('config/not-found', `there is no ${file} here`, {
          cause,
          hint: 'make one with `sallyport init`, or name another with --config FILE',
        })
      : new ControlError('config/unreadable', `${file} cannot be read`, {
          cause,
          hint: 'check that it is a file and that this user may read it',
        });
  }
}
