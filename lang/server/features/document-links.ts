/** Document links: the package an import names, and the page of a rule that a comment ignores. */
import type { DocumentLink } from 'vscode-languageserver';
import { readIgnoreComment } from '../../lint/ignore-comment.ts';
import type { Span } from '../../source.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument, Workspace } from '../workspace.ts';

/** The links of a document; none while its text has faults of syntax. */
export function documentLinks(
  { pageOf }: ServerHost,
  workspace: Workspace,
  { module, moduleSource, source, map }: PolicyDocument,
): readonly DocumentLink[] {
  if (module === undefined || moduleSource !== source) return [];
  const links: DocumentLink[] = [];
  const add = (target: string | undefined, span: Span, tooltip: string): void => {
    if (target !== undefined) links.push({ range: map.rangeOf(span), target, tooltip });
  };
  for (const { path, span, alias } of module.imports) {
    const written = source.text.slice(span.start, alias?.span.start ?? span.end);
    const start = span.start + (/^import\s+/.exec(written)?.[0].length ?? 0);
    const end = span.start + written.replace(/\s+as\s+$/, '').length;
    if (path[0] === 'data')
      add(fileOf(workspace, path.slice(1)), { start, end }, 'open the policy');
  }
  for (const comment of module.comments) {
    const ignored = readIgnoreComment(comment);
    if (ignored === undefined || ignored.rule === '') continue;
    const start = source.text.indexOf(ignored.rule, comment.span.start);
    const span = { start, end: start + ignored.rule.length };
    add(pageOf(`lint/${ignored.rule}`), span, 'what this rule is for');
  }
  return links;
}

/** The first file of a package, or of the package a rule is in; one with tests only where there is no other. */
function fileOf(workspace: Workspace, path: readonly string[]): string | undefined {
  const homes = [path, path.slice(0, -1)].map((parts) => parts.join('\0'));
  for (const home of homes) {
    const found = [...workspace.documents.values()].filter(
      ({ module }) => module?.package.path.join('\0') === home,
    );
    const [first] = found;
    if (first !== undefined)
      return (found.find(({ source }) => !/_test\.\w+$/.test(source.name)) ?? first).uri;
  }
  return undefined;
}
