/**
 * A browser without eyes for sign-in pages: follows redirects, keeps cookies by host, fills in forms. Redirects to another place of
 * this machine are followed like any other, as a browser would.
 */

export interface FormBrowser {
  /** The page at this address, after its redirects. */
  open(address: string): Promise<Page>;
  /** Submits the first form of the page that has all of these fields or buttons. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>;
  /** Every address that was visited, in order. */
  readonly visited: readonly string[];
}

export interface Page {
  readonly address: string;
  readonly status: number;
  readonly text: string;
}

const MAX_REDIRECTS = 20;

/** `stopAt` keeps a redirect from being followed: the page is then that address, unvisited. */
export function openFormBrowser(stopAt: (address: string) => boolean = () => false): FormBrowser {
  const jar = new Map<string, Map<string, string>>();
  const visited: string[] = [];

  async function visit(address: string, body?: URLSearchParams): Promise<Page> {
    let url = new URL(address);
    let form = body;
    for (let hops = 0; hops < MAX_REDIRECTS; hops++) {
      if (stopAt(url.href)) return { address: url.href, status: 0, text: '' };
      visited.push(url.href);
      const cookies = jar.get(url.host) ?? new Map<string, string>();
      jar.set(url.host, cookies);
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form === undefined ? {} : { method: 'POST', body: form }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = response.headers.get('location');
      const text = await response.text();
      if (location === null) return { address: url.href, status: response.status, text };
      url = new URL(location, url);
      form = undefined;
    }
    throw new Error(`too many redirects from ${address}`);
  }

  return {
    visited,
    open: (address) => visit(address),
    async submit(page, fields) {
      const found = readForms(page.text).find((one) =>
        Object.keys(fields).every((name) => one.names.has(name)),
      );
      if (found === undefined)
        throw new Error(`no form with ${Object.keys(fields).join(', ')} in ${page.text}`);
      const body = new URLSearchParams({ ...found.hidden, ...fields });
      const action = new URL(found.action === '' ? page.address : found.action, page.address);
      if (found.method === 'post') return visit(action.href, body);
      action.search = body.toString();
      return visit(action.href);
    },
  };
}

interface Form {
  readonly method: string;
  readonly action: string;
  readonly names: ReadonlySet<string>;
  readonly hidden: Readonly<Record<string, string>>;
}

/** Controls outside a form that name it are counted to all forms of the page: enough for what is opened here. */
function readForms(html: string): readonly Form[] {
  const attribute = (tag: string, name: string): string =>
    plain(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const outside = [...html.matchAll(/<button\b[^>]*\bform="[^>]*>/g)].map(([tag]) => tag);
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(
    ([, head = '', inner = '']) => {
      const tags = [...inner.matchAll(/<(?:input|button)\b[^>]*>/g)].map(([tag]) => tag);
      return {
        method: attribute(head, 'method').toLowerCase(),
        action: attribute(head, 'action'),
        names: new Set([...tags, ...outside].map((tag) => attribute(tag, 'name'))),
        hidden: Object.fromEntries(
          tags
            .filter((tag) => /type="hidden"/.test(tag))
            .map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]),
        ),
      };
    },
  );
}

function plain(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
