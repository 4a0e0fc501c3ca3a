/**
 * Bodies of forms (`application/x-www-form-urlencoded`), for the routes that take them: names with one value each.
 */
import type { FastifyInstance } from 'fastify';

export const FORM_TYPE = 'application/x-www-form-urlencoded';
const MAX_PARAMETERS = 16;

/** Lets the server read forms. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (_request, body, done) => {
    const pairs = [...new URLSearchParams(String(body))];
    const names = new Set(pairs.map(([name]) => name));
    // A parameter that comes twice could be read as either (RFC 6749 section 3.2).
    if (names.size === pairs.length && pairs.length <= MAX_PARAMETERS)
      done(null, Object.fromEntries(pairs));
    else done(Object.assign(new Error('a parameter comes twice'), { statusCode: 400 }));
  });
}
