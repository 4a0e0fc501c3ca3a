/**
 * The frame of every page people see: no script, no image, nothing from elsewhere, and nothing that could carry the address of the
 * page to another site.
 */
import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';

const STYLE = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1.5rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .25rem}
pre{border:1px solid;border-radius:.25rem;overflow:auto;padding:.75rem;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;gap:.25rem 1rem;grid-template-columns:max-content 1fr}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.warning{border-left:.3rem solid;padding-left:.75rem}
textarea{box-sizing:border-box;display:block;font:inherit;margin:.25rem 0 1rem;width:100%}
button{border:2px solid;border-radius:.25rem;cursor:pointer;font:inherit;font-weight:600;margin-right:1rem;padding:.6rem 1.5rem}
@media(max-width:34rem){dl{display:block}dd{margin:0 0 .5rem}}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What every page is sent with. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
};

/** A whole page. */
export function page(title: string, content: Html): string {
  const head = html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · Sallyport</title>`;
  return `<!doctype html>
<html lang="en">
<head>
${head.markup}
<style>${STYLE}</style>
</head>
<body>
<main>
${content.markup}
</main>
</body>
</html>
`;
}
