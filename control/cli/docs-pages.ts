/** The pages of this installation that explain codes: of the linter's rules, and of what the checker finds. It reads them once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
/** The codes of rules of the linter, which are paths of pages. */
const LINT_RULE = /^lint\/[^/]+\//;

/** Makes the function that finds the page of a code, as the address of a file, at the line that tells of it. */
export function createPageFinder(docs = DOCS): (code: string) => string | undefined {
  const page = join(docs, 'diagnostics.md');
  let lines: readonly string[] | undefined;
  const known = new Map<string, string | undefined>();
  const find = (code: string): string | undefined => {
    if (LINT_RULE.test(code)) {
      const path = join(docs, `${code}.md`);
      return existsSync(path) ? pathToFileURL(path).href : undefined;
    }
    lines ??= existsSync(page) ? readFileSync(page, 'utf8').split('\n') : [];
    const at = lines.indexOf(`### ${code}`);
    return at === -1 ? undefined : `${pathToFileURL(page).href}#L${at + 1}`;
  };
  return (code) => {
    if (!known.has(code)) known.set(code, find(code));
    return known.get(code);
  };
}
