/**
 * Finds and reads the files of a policy set: `.policy` and `.rego` for rules, `data.json` and `data.yaml` for data, which
 * fill the place their folder names, as in a bundle of OPA. A file that is named itself may have any name, and its data are `data`. Tests (`*_test.*`) are told apart, because what decides in production does not contain them.
 */
import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import type { DataSource } from '../../engine/data-documents.ts';
import type { Source } from '../../lang/source.ts';
import { ControlError } from '../error.ts';

/** Files a policy set may have; beyond it the folder is probably the wrong one. */
const MAX_FILES = 10_000;
/** Bytes of one file of rules. */
const MAX_RULE_BYTES = 16 * 1024 * 1024;
/** Bytes of one file of data: half of what fits into one string, because the objects made of it need room too. */
const MAX_DATA_BYTES = 256 * 1024 * 1024;

const RULE_FILES = new Set(['.policy', '.rego']);
const DATA_FILES = new Set(['data.json', 'data.yaml', 'data.yml']);
/** Endings of a data file that is named itself. */
const DATA_ENDINGS = new Set(['.json', '.yaml', '.yml']);

export interface PolicyFiles {
  readonly policies: readonly Source[];
  readonly data: readonly DataSource[];
  readonly tests: readonly Source[];
}

/**
 * Reads files and folders, sorted by name. With a base, files are named as records and reasons show them: below the base, or
 * after the folder that was asked for; without one, as the present folder reaches them. Throws `policy/not-found` for a path
 * that is missing, for a file that is named and holds neither rules nor data, and where there are no rules at all, unless
 * `least` says that data, or tests, will do.
 */
export function readPolicyFiles(
  paths: readonly string[],
  base?: string,
  least: 'policies' | 'data' | 'tests' = 'policies',
): PolicyFiles {
  const policies: Source[] = [];
  const data: DataSource[] = [];
  const tests: Source[] = [];
  for (const { file, name: fileName, at } of nameFiles(paths, base)) {
    const name = basename(file);
    const isRule = RULE_FILES.has(extname(name));
    if (!isRule && !DATA_FILES.has(name) && !paths.includes(file)) continue;
    if (!isRule && !DATA_ENDINGS.has(extname(name))) throw notAPolicy(file);
    const limit = isRule ? MAX_RULE_BYTES : MAX_DATA_BYTES;
    const source = { name: fileName, text: readText(file, limit) };
    if (!isRule) data.push({ ...source, at });
    else if (/_test\.[a-z]+$/.test(name)) tests.push(source);
    else policies.push(source);
  }
  const others = { policies: [], data, tests }[least];
  if (policies.length === 0 && others.length === 0)
    throw new ControlError('policy/not-found', `there are no policies in ${paths.join(', ')}`, {
      hint: 'policies are files that end in .policy or .rego',
    });
  return { policies, data, tests };
}

function notAPolicy(file: string): ControlError {
  return new ControlError('policy/not-found', `${file} is neither a policy nor data`, {
    hint: 'policies end in .policy or .rego, data in .json, .yaml or .yml',
  });
}

interface NamedFile {
  readonly file: string;
  readonly name: string;
  /** The folders it lies in below the one that was asked for. */
  readonly at: readonly string[];
}

/** Every file once, with a name that no other has. */
function nameFiles(paths: readonly string[], base: string | undefined): readonly NamedFile[] {
  const found = new Map<string, NamedFile>();
  const taken = new Set<string>();
  for (const path of paths)
    for (const file of listFiles(path)) {
      if (found.has(file)) continue;
      const readable = nameOf(file, path, base);
      const name = taken.has(readable) ? file : readable;
      taken.add(name);
      const folder = file === path ? '' : relative(path, dirname(file));
      found.set(file, { file, name, at: folder === '' ? [] : folder.split(sep) });
    }
  return [...found.values()];
}

/** A client reads these names in a refusal: where on the gateway's disk the folder lies is not its business. */
function nameOf(file: string, path: string, base: string | undefined): string {
  const below = relative(base ?? '', file);
  if (below !== '' && !below.startsWith('..')) return below;
  return base === undefined ? file : join(basename(path), relative(path, file));
}

function listFiles(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    if (entries.length > MAX_FILES)
      throw new ControlError('policy/not-found', `${path} holds more than ${MAX_FILES} files`, {
        hint: 'name the folder of the policies',
      });
    return entries
      .filter(
        (entry) =>
          entry.isFile() && !/(^|[/\\])(\.|node_modules)/.test(entry.parentPath.slice(path.length)),
      )
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (cause) {
    throw cause instanceof ControlError ? cause : unreadable(path, cause);
  }
}

function readText(path: string, limit: number): string {
  try {
    if (statSync(path).size > limit)
      throw new ControlError('policy/not-found', `${path} is larger than ${limit} bytes`);
    return decode(path, readFileSync(path));
  } catch (cause) {
    throw cause instanceof ControlError ? cause : unreadable(path, cause);
  }
}

/** Bytes that are no UTF-8 are refused: replaced by U+FFFD they would read as a name or text that nobody wrote. */
function decode(path: string, bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return text;
  throw new ControlError(
    'policy/invalid',
    `${path} is not UTF-8 at byte ${faultyByte(bytes, text)}`,
    {
      hint: 'save the file as UTF-8',
    },
  );
}

/** Offset of the first byte that was replaced; a U+FFFD that stands in the file itself is none. */
function faultyByte(bytes: Buffer, text: string): number {
  let [offset, from] = [0, 0];
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes.toString('hex', offset, offset + 3) !== 'efbfbd') return offset;
    offset += 3;
    from = at + 1;
  }
  return offset;
}

function unreadable(path: string, cause: unknown): ControlError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message =
    code === 'ENOENT'
      ? `${path} does not exist`
      : `${path} cannot be read: ${code === 'EACCES' ? 'this user may not' : code}`;
  return new ControlError('policy/not-found', message, {
    cause,
    hint: 'check the path; those of `policies:` in sallyport.yaml begin at the folder of that file',
  });
}
