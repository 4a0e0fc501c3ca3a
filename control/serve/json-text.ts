/** JSON text as OPA's server writes it: one line, or indented by two spaces on request; a line feed at the end. */

/** The text with line breaks and indentation; strings are left as they are. */
export function indentJson(text: string): string {
  let indented = '';
  let depth = 0;
  // A string, an empty collection, or one character that opens, closes or separates.
  for (const [token] of text.matchAll(
    /"[^"\\]*(?:\\.[^"\\]*)*"|\[\]|\{\}|[[\]{},:]|[^"[\]{},:]+/g,
  )) {
    if (token === '{' || token === '[') {
      depth += 1;
      indented += `${token}\n${'  '.repeat(depth)}`;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      indented += `\n${'  '.repeat(depth)}${token}`;
    } else if (token === ',') indented += `,\n${'  '.repeat(depth)}`;
    else if (token === ':') indented += ': ';
    else indented += token;
  }
  return indented;
}

/** An object of members that are JSON text already; those that are undefined are left out. */
export function objectText(members: Readonly<Record<string, string | undefined>>): string {
  const shown = Object.entries(members).filter(([, text]) => text !== undefined);
  return `{${shown.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}

/** What is sent. */
export function bodyText(text: string, isPretty: boolean): string {
  return `${isPretty ? indentJson(text) : text}\n`;
}
