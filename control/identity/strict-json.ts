/**
 * Reads a JSON object of a token: a member that comes twice is a fault, because two readers of one token could each believe
 * another of the two (RFC 8725 section 2.4, RFC 7515 section 4).
 */

/** Nesting of a token's JSON. */
const MAX_DEPTH = 32;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** The object, or undefined for anything that is not exactly one object with members of different names. */
export function readStrictObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return hasRepeatedMember(text) ? undefined : (value as Record<string, unknown>);
}

/** The text is known to be JSON; a string before a colon is then a name, and its object the innermost open one. */
function hasRepeatedMember(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (open.length >= MAX_DEPTH) return true;
      open.push(token === '{' ? new Set() : undefined);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':' && last !== undefined) {
      const names = open.at(-1);
      const name = String(JSON.parse(last));
      if (names === undefined || names.has(name)) return true;
      names.add(name);
    }
    last = token.startsWith('"') ? token : undefined;
  }
  return false;
}
