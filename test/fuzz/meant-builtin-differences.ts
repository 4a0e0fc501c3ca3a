/** Calls of builtins that give another result than in OPA, and are meant to. Everything else that is found is a fault. */

export interface BuiltinDifference {
  readonly name: string;
  /** The arguments as a JSON list. */
  readonly call: string;
  /** Results as JSON text, or why there is none. */
  readonly own: string;
  readonly opa: string;
}

interface MeantDifference {
  readonly id: string;
  readonly reason: string;
  covers(difference: BuiltinDifference): boolean;
}

/** The errors of a validation without their order. */
function errorsOf(result: string): string {
  if (!result.startsWith('[false,[')) return result;
  const list: unknown = JSON.parse(result)[1];
  return Array.isArray(list)
    ? list
        .map((one) => JSON.stringify(one))
        .sort()
        .join()
    : result;
}

/** In a YAML text that was written as JSON. */
const ODD_YAML = /[!&*]|\\t|\\\\\\n|\\\\'|\.\.\.|%YAML|[{,[ ]-[,:}\]]|:[:,}\]]|['"]#/;

export const MEANT_BUILTIN_DIFFERENCES: readonly MeantDifference[] = [
  {
    id: 'number-that-is-no-json',
    reason:
      'OPA takes the text as it is for a number, and fails when it writes the result; here it is the number that the text stands for',
    covers: ({ name, opa }) => name === 'to_number' && opa === 'failed: internal_error',
  },
  {
    id: 'order-of-schema-errors',
    reason:
      'OPA goes through the members of an object in another order each time; here it is the order of their names',
    covers: ({ name, own, opa }) => name === 'json.match_schema' && errorsOf(own) === errorsOf(opa),
  },
  {
    id: 'schema-elsewhere',
    reason:
      'OPA fetches schemas that are named by an address; a decision here opens no socket and no file',
    covers: ({ name, own }) =>
      name === 'json.verify_schema' && own.includes('remote reference loading disabled'),
  },
  {
    id: 'template-definition',
    reason: 'definitions of templates are refused here',
    covers: ({ name, call, own }) =>
      name === 'strings.render_template' &&
      /define|block|template/.test(call) &&
      own === 'no value',
  },
  {
    id: 'old-zone-names',
    reason: 'what `EST`, `MST` and `HST` were long ago depends on the version of the zone data',
    covers: ({ name, call }) => name.startsWith('time.') && /"(?:EST|MST|HST)"/.test(call),
  },
  {
    id: 'zone-as-a-path',
    reason:
      'OPA looks for the file of a zone, so that `Europe//Berlin` is one; here a zone is known by its name',
    covers: ({ name, call, own }) =>
      name.startsWith('time.') && /\w\/(?:\.?\/)+|\/"/.test(call) && own === 'no value',
  },
  {
    id: 'odd-yaml',
    reason:
      'refused here: tags, anchors, tabs, dashes and colons in braces, escaped line breaks and comments behind quotes, which the two readers take apart differently',
    covers: ({ name, call, own }) =>
      name.startsWith('yaml.') && ODD_YAML.test(call) && (own === 'no value' || own === 'false'),
  },
  {
    id: 'imaginary-number',
    reason: 'templates have no complex numbers here',
    covers: ({ name, call, own }) =>
      name === 'strings.render_template' && /\di\b/.test(call) && own === 'no value',
  },
  {
    id: 'inside-of-a-big-integer',
    reason: '`%p` and `%w` show where and how Go keeps a big integer',
    covers: ({ name, call }) => name === 'sprintf' && /%[^a-zA-Z%]*[pw]/.test(call),
  },
];
