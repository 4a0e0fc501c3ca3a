/**
 * HTML by a template that escapes everything put into it, and shows characters that would hide or turn text. There is no way to put
 * text in without that.
 */
import { harmless } from '../../harmless.ts';

/** Markup made by `html`; anything else is text. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlValue = string | number | Html | readonly Html[];

/** Markup with every value escaped, but for what `html` made. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    parts.reduce((before, part, at) => {
      const value = values[at - 1];
      return `${before}${value === undefined ? '' : write(value)}${part}`;
    }),
  );
}

function write(value: HtmlValue): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return value instanceof Html ? value.markup : value.map(({ markup }) => markup).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return harmless(text).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}
