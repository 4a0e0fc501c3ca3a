/**
 * The files of an editor's workspace. Unlike for a command, one that cannot be read is left out, and the rest is served: an editor
 * is opened to mend such files.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import type { Source } from '../../lang/source.ts';

/** Files and folders below a workspace folder; of a larger one only the files that are opened are served. */
const MAX_ENTRIES = 50_000;
/** Bytes of a file of rules that is read before it is opened. */
const MAX_RULE_BYTES = 4 * 1024 * 1024;
/** Bytes of a file of data or an input. */
const MAX_DATA_BYTES = 64 * 1024 * 1024;
/** Input files that are told of one folder. */
const MAX_INPUTS = 50;

const DATA_FILES = new Set(['data.json', 'data.yaml', 'data.yml']);

/** The policies below a folder, under their absolute names, sorted. */
export function readPolicies(folder: string): readonly Source[] {
  return read(folder, MAX_RULE_BYTES, (name) => /^\.(?:policy|rego)$/.test(extname(name)));
}

/** The data documents below folders. */
export function readDataDocuments(folders: readonly string[]): readonly Source[] {
  return folders.flatMap((folder) =>
    read(folder, MAX_DATA_BYTES, (name) => DATA_FILES.has(basename(name))),
  );
}

/** Text of a file; undefined for one that is gone, cannot be read or is too large. */
export function readTextFile(file: string): string | undefined {
  return readSmall(file, MAX_DATA_BYTES);
}

/**
 * Inputs for a policy: `input.json`, `NAME.input.json` and what lies in a folder `inputs`, beside the policy and then in the folders
 * above it, as far as the workspace reaches.
 */
export function findInputs(policy: string, folders: readonly string[]): readonly string[] {
  const home = folders.find((folder) => !relative(folder, policy).startsWith('..'));
  const found: string[] = [];
  for (let folder = dirname(policy); ; folder = dirname(folder)) {
    found.push(
      ...jsonIn(folder).filter((file) => /(?:^|\.)input\.json$/.test(basename(file))),
      ...jsonIn(join(folder, 'inputs')),
    );
    if (home === undefined || folder === home || dirname(folder) === folder) break;
  }
  return found.slice(0, MAX_INPUTS);
}

function jsonIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return listed(folder, false)
    .filter((file) => extname(file) === '.json')
    .sort();
}

function read(
  folder: string,
  maxBytes: number,
  isWanted: (name: string) => boolean,
): readonly Source[] {
  return listed(folder, true)
    .filter(isWanted)
    .sort()
    .flatMap((name) => {
      const text = readSmall(name, maxBytes);
      return text === undefined ? [] : [{ name, text }];
    });
}

function listed(folder: string, recursive: boolean): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive, withFileTypes: true });
    if (entries.length > MAX_ENTRIES) return [];
    return entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((name) => !/(?:^|[/\\])(?:\.[^/\\]|node_modules[/\\])/.test(relative(folder, name)));
  } catch {
    return [];
  }
}

function readSmall(name: string, maxBytes: number): string | undefined {
  try {
    return statSync(name).size > maxBytes ? undefined : readFileSync(name, 'utf8');
  } catch {
    return undefined;
  }
}
