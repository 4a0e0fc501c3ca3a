/**
 * Remembers what `sallyport check` found, by content: the key covers the program itself, the options and the name and text of every
 * file. It lies in the user's own cache folder, never beside the policies, where a change under review could bring a forged "no
 * errors". An entry that is missing, damaged, or in a folder that others may write is no entry; nothing here ever fails a check.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic, RelatedPlace } from '../../lang/diagnostic.ts';
import type { Source } from '../../lang/source.ts';
import type { PolicyFiles } from '../policies/read-files.ts';
import { VERSION } from '../version.ts';
import { isOwnFolder, makeOwnFolder } from './cache-folder.ts';

/** Entries that are kept; the oldest go first. */
const MAX_ENTRIES = 64;
const ROOT = new URL('../../', import.meta.url).pathname;
/** Folders whose code decides what is found. */
const CODE_FOLDERS = ['lang', 'engine', 'proxy', 'control/cli'];

type Stored<T> = Omit<T, 'source' | 'related'> & { readonly source: number };
type StoredDiagnostic = Stored<Diagnostic> & { readonly related?: readonly Stored<RelatedPlace>[] };

/** The name under which what is found in these files is kept. */
export function checkKey(files: PolicyFiles, options: string): string {
  const hash = createHash('sha256').update(`${VERSION}\n${codeFingerprint()}\n${options}\n`);
  for (const { name, text } of sourcesOf(files))
    hash.update(`${name.length} ${text.length}\n${name}\n${text}\n`);
  hash.update(JSON.stringify(files.data.map(({ at }) => at)));
  return `check-${hash.digest('hex')}`;
}

/** What was found in the same files before; undefined where that is not known for sure. */
export function readChecked(
  folder: string,
  key: string,
  files: PolicyFiles,
): readonly Diagnostic[] | undefined {
  try {
    if (!isOwnFolder(folder)) return undefined;
    const text = readFileSync(join(folder, key), 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== digestOf(key, body)) return undefined;
    const sources = sourcesOf(files);
    return (JSON.parse(body) as StoredDiagnostic[]).map((stored) => restore(stored, sources));
  } catch {
    // A cold run follows, and writes the entry anew.
    return undefined;
  }
}

/** Keeps what was found. A folder that cannot be written, or is not the user's own, is left alone. */
export function writeChecked(
  folder: string,
  key: string,
  files: PolicyFiles,
  diagnostics: readonly Diagnostic[],
): void {
  const indexes = new Map(sourcesOf(files).map((source, at) => [source, at]));
  try {
    const body = JSON.stringify(diagnostics.map((diagnostic) => store(diagnostic, indexes)));
    makeOwnFolder(folder);
    if (!isOwnFolder(folder)) return;
    const path = join(folder, key);
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${digestOf(key, body)}\n${body}`, { mode: 0o600 });
    renameSync(draft, path);
    prune(folder);
  } catch {
    // Without a cache the next run is cold, and as right as this one.
  }
}

function sourcesOf({ policies, tests, data }: PolicyFiles): readonly Source[] {
  return [...policies, ...tests, ...data];
}

/** Size and time of every file of the compiler: a checkout that changed must not answer for its former self. */
function codeFingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  for (const folder of CODE_FOLDERS)
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.[jt]s$/.test(name)) continue;
      const { size, mtimeMs } = statSync(join(ROOT, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  return hash.digest('hex');
}

function digestOf(key: string, body: string): string {
  return createHash('sha256').update(`${key}\n${body}`).digest('hex');
}

function store(
  { source, related, ...rest }: Diagnostic,
  indexes: ReadonlyMap<Source, number>,
): StoredDiagnostic {
  const indexOf = (one: Source): number => {
    const index = indexes.get(one);
    if (index === undefined) throw new RangeError(`${one.name} is none of the files`);
    return index;
  };
  const stored = { ...rest, source: indexOf(source) };
  if (related === undefined) return stored;
  return { ...stored, related: related.map((one) => ({ ...one, source: indexOf(one.source) })) };
}

function restore(
  { source, related, ...rest }: StoredDiagnostic,
  sources: readonly Source[],
): Diagnostic {
  const sourceAt = (index: number): Source => {
    const found = sources[index];
    if (found === undefined) throw new RangeError(`there is no file ${index}`);
    return found;
  };
  const restored = { ...rest, source: sourceAt(source) };
  if (related === undefined) return restored;
  return { ...restored, related: related.map((one) => ({ ...one, source: sourceAt(one.source) })) };
}

function prune(folder: string): void {
  const entries = readdirSync(folder).filter((name) => name.startsWith('check-'));
  if (entries.length <= MAX_ENTRIES) return;
  const aged = entries.map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs }));
  aged.sort((left, right) => right.time - left.time);
  for (const { name } of aged.slice(MAX_ENTRIES)) rmSync(join(folder, name), { force: true });
}
