/**
 * The few pages of the demo's identity provider: plain HTML, no script.
 */

export const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
} as const;

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** One sentence. */
export function page(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Demo sign-in</title><h1>Demo identity provider</h1><p>${escapeHtml(text)}</p></html>`;
}

/** A question and a form that is made elsewhere, with its button when it has none: `id` names the form, `name` what it answers. */
export function form(question: string, html: string, id = 'op.deviceInputForm', name = ''): string {
  const button = `<button type="submit" form="${id}"${name === '' ? '' : ` name="${name}" value="yes"`}>Continue</button>`;
  return `${page(question).replace('</html>', '')}${html}${button}</html>`;
}

/** Who signs in. */
export function login(people: readonly { readonly sub: string; readonly name: string }[]): string {
  const choices = people.map(
    ({ sub, name }) =>
      `<p><label><input type="radio" name="login" value="${escapeHtml(sub)}" required> ${escapeHtml(name)}</label></p>`,
  );
  return `${page('Who are you? There is no password here: it is a demo.').replace('</html>', '')}<form method="post">${choices.join('')}<button type="submit">Sign in</button></form>${refuse()}</html>`;
}

/** Whether the client may know. */
export function consent(): string {
  return `${page('Sallyport wants to know who you are.').replace('</html>', '')}<form method="post"><button type="submit" name="answer" value="yes">Allow</button></form>${refuse()}</html>`;
}

function refuse(): string {
  return '<form method="post"><button type="submit" name="answer" value="no">Refuse</button></form>';
}
