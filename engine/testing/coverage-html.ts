/** Coverage as one page that needs nothing else: the files with their shares, then each source with what was missed marked. */
import { type Coverage, type FileCoverage, percentOf, type Share } from './coverage.ts';

const STYLE = `
:root { color-scheme: light dark; --miss: #ffd7d5; --half: #fff1c2; --ok: #1a7f37; --dim: #6e7781; }
@media (prefers-color-scheme: dark) { :root { --miss: #67202a; --half: #5b4a12; --ok: #4ac26b; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; }
pre { font: 13px/1.5 ui-monospace, monospace; tab-size: 4; overflow-x: auto; }
.n { color: var(--dim); display: inline-block; width: 4ch; text-align: right; margin-right: 1.5ch; user-select: none; }
.full { color: var(--ok); } mark { color: inherit; background: var(--half); } mark.missed { background: var(--miss); }
`;

/** The whole HTML document. */
export function coverageHtml(coverage: Coverage): string {
  const rows = coverage.files.map(
    (file, index) =>
      `<tr><td><a href="#f${index}">${htmlText(file.source.name)}</a></td>${shareCell(file.expressions)}${shareCell(file.lines)}</tr>`,
  );
  const sections = coverage.files.map(
    (file, index) =>
      `<h2 id="f${index}">${htmlText(file.source.name)}</h2>\n<pre>${markedSource(file)}</pre>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Policy coverage</title><style>${STYLE}</style></head>
<body>
<h1>Policy coverage</h1>
<p><mark class="missed">missed</mark>: no test reached it or made it give a value. <mark>never true</mark>: it was evaluated and never held.</p>
<table>
<tr><th>file</th><th>expressions</th><th>lines</th></tr>
${rows.join('\n')}
<tr><th>all</th>${shareCell(coverage.expressions)}${shareCell(coverage.lines)}</tr>
</table>
${sections.join('\n')}
</body>
</html>
`;
}

function shareCell(share: Share): string {
  const isFull = share.covered === share.total;
  return `<td${isFull ? ' class="full"' : ''}>${percentOf(share).toFixed(1)} % (${share.covered}/${share.total})</td>`;
}

/** The source with numbered lines. What is missed or was never true is marked; inside a mark the innermost wins. */
function markedSource({ source, units }: FileCoverage): string {
  const states = new Array<'missed' | 'evaluated' | undefined>(source.text.length);
  for (const { start, end, state } of units)
    states.fill(state === 'true' ? undefined : state, start, end);
  let html = lineNumber(1);
  let open: 'missed' | 'evaluated' | undefined;
  let line = 1;
  const turn = (state: 'missed' | 'evaluated' | undefined): void => {
    if (open !== undefined) html += '</mark>';
    if (state !== undefined) {
      html += state === 'missed' ? '<mark class="missed">' : '<mark title="never true">';
    }
    open = state;
  };
  for (let at = 0; at < source.text.length; at += 1) {
    const char = source.text.charAt(at);
    const state = char === '\n' ? undefined : states[at];
    if (state !== open) turn(state);
    html += htmlText(char);
    if (char === '\n') {
      line += 1;
      html += lineNumber(line);
    }
  }
  turn(undefined);
  return html;
}

function lineNumber(line: number): string {
  return `<span class="n">${line}</span>`;
}

function htmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
