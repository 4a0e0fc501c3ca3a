/**
 * Finds and reads the files of a policy set: `.policy` and `.rego` for rules, `data.json` and `data.yaml` for data. Tests
 * (`*_test.*`) are told apart, because what decides in production does not contain them.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import type { Source } from '../../lang/source.ts';
import { ControlError } from '../error.ts';

/** Files a policy set may have; beyond it the folder is probably the wrong one. */
const MAX_FILES = 10_000;
/** Bytes of one file. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

const RULE_FILES = new Set(['.policy', '.rego']);
const DATA_FILES = new Set(['data.json', 'data.yaml', 'data.yml']);

export interface PolicyFiles {
  readonly policies: readonly Source[];
  readonly data: readonly Source[];
  readonly tests: readonly Source[];
}

/** Reads files and folders, sorted by name. Throws `policy/not-found` for a path that is missing or holds no rules. */
export function readPolicyFiles(paths: readonly string[], from: string = ''): PolicyFiles {
  const policies: Source[] = [];
  const data: Source[] = [];
  const tests: Source[] = [];
  for (const file of new Set(paths.flatMap(listFiles))) {
    const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    const isRule = RULE_FILES.has(extname(name));
    if (!isRule && !DATA_FILES.has(name)) continue;
    const source = { name: nameOf(file, from), text: readText(file) };
    if (!isRule) data.push(source);
    else if (/_test\.[a-z]+$/.test(name)) tests.push(source);
    else policies.push(source);
  }
  if (policies.length === 0)
    throw new ControlError('policy/not-found', `there are no policies in ${paths.join(', ')}`, {
      hint: 'policies are files that end in .policy or .rego',
    });
  return { policies, data, tests };
}

/** Relative to the base where the file lies below it; a path that climbs out is harder to read than the whole one. */
function nameOf(file: string, from: string): string {
  const name = relative(from, file);
  return name === '' || name.startsWith('..') ? file : name;
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

function readText(path: string): string {
  try {
    if (statSync(path).size > MAX_FILE_BYTES)
      throw new ControlError('policy/not-found', `${path} is larger than ${MAX_FILE_BYTES} bytes`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw cause instanceof ControlError ? cause : unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): ControlError {
  return new ControlError('policy/not-found', `the policies ${path} cannot be read`, {
    cause,
    hint: 'check the path; `policies:` in sallyport.yaml is relative to that file',
  });
}
