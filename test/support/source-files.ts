/**
 * The project's own TypeScript files and what each imports, read as text. For tests about structure only.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The checkout's root folder, with a trailing slash. */
export const projectRoot = new URL('../../', import.meta.url).pathname;

export interface SourceFile {
  /** Path relative to the project root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Import specifiers: relative ones resolved to project paths, others as written. */
  readonly imports: readonly string[];
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/g;

/** Every `.ts` file under the given root folders. */
export function readSourceFiles(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => readSourceFile(join(entry.parentPath, entry.name))),
  );
}

function readSourceFile(absolute: string): SourceFile {
  const path = relative(projectRoot, absolute);
  const text = readFileSync(absolute, 'utf8');
  const imports = [...text.matchAll(importPattern)].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    return specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier;
  });
  return { path, text, lines: text.split('\n').length, imports };
}
