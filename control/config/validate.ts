/**
 * Holds a configuration against its schema and says what is wrong in the reader's words: the nearest key, the values that are
 * possible, the bound that was passed. It changes nothing.
 */
import { Ajv, type ErrorObject } from 'ajv';
import { suggest } from '../../lang/suggest.ts';
import type { ConfigPath, ConfigText } from './document.ts';
import type { ConfigProblem } from './problem.ts';
import { ConfigSchema } from './schema.ts';
import { parseDuration, parseSize } from './units.ts';

/** Problems listed of one file; a broken file seldom has more causes than this. */
const MAX_PROBLEMS = 20;

/**
 * `text` and `secret` are known at the start; `credential` may name what is fetched when it is used, and `account` too, being the
 * name that goes with it.
 */
export type ExpansionKind = 'text' | 'secret' | 'credential' | 'account';

/** A string in which `${...}` is replaced, and how. */
export interface Expansion {
  readonly path: ConfigPath;
  readonly kind: ExpansionKind;
}

export interface Validation {
  readonly problems: readonly ConfigProblem[];
  readonly expansions: readonly Expansion[];
}

interface Bounds {
  readonly minimum: string;
  readonly maximum: string;
}

const readAmount = (text: string): number => parseDuration(text) ?? parseSize(text) ?? Number.NaN;

function compile(): (data: unknown) => {
  readonly errors: readonly ErrorObject[];
  readonly expansions: readonly Expansion[];
} {
  const ajv = new Ajv({
    allErrors: true,
    discriminator: true,
    passContext: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
  });
  ajv.addKeyword({
    keyword: 'expands',
    type: 'string',
    schemaType: 'string',
    errors: false,
    validate(this: Expansion[], kind: ExpansionKind, _data: string, _schema: unknown, at) {
      this.push({ kind, path: toPath(at?.instancePath ?? '') });
      return true;
    },
  });
  // How a value is written, in words: for the advice beside one that is not.
  ajv.addVocabulary(['form']);
  ajv.addKeyword({
    keyword: 'bounds',
    type: 'string',
    schemaType: 'object',
    validate: (bounds: Bounds, data: string) =>
      !(
        readAmount(data) < readAmount(bounds.minimum) ||
        readAmount(data) > readAmount(bounds.maximum)
      ),
  });
  const validate = ajv.compile(ConfigSchema);
  return (data) => {
    const expansions: Expansion[] = [];
    validate.call(expansions, data);
    return { errors: validate.errors ?? [], expansions };
  };
}

/** Problems in the order of the file, and where `${...}` may stand. */
export function validateConfig(text: ConfigText): Validation {
  const { errors, expansions } = compile()(text.data);
  const problems = new Map<string, ConfigProblem>();
  for (const error of errors) {
    const problem = describe(error, text);
    if (problem !== undefined) problems.set(`${problem.span.start} ${problem.message}`, problem);
  }
  return {
    expansions,
    problems: [...problems.values()]
      .sort((a, b) => a.span.start - b.span.start)
      .slice(0, MAX_PROBLEMS),
  };
}

function toPath(pointer: string): ConfigPath {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Schema = Readonly<Record<string, unknown>>;

/** One shape of a value that has several, told apart by its `type`. */
interface Branch {
  readonly properties: { readonly type: { readonly const: string } };
}

/** `resources[0].port`, as docs/configuration.md writes keys. */
function keyOf(path: ConfigPath): string {
  return path
    .map((step) => (/^\d+$/.test(`${step}`) ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}

function describe(error: ErrorObject, text: ConfigText): ConfigProblem | undefined {
  const path = toPath(error.instancePath);
  const name = path.length === 0 ? 'the file' : `\`${keyOf(path)}\``;
  const params = error.params as Readonly<Record<string, unknown>>;
  const schema = error.parentSchema as Schema;
  const at = (
    code: ConfigProblem['code'],
    message: string,
    help?: string,
    span = text.valueSpan(path),
  ): ConfigProblem => ({ code, message, help, span, source: text.source });
  const about = aboutOf(schema);

  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((schema['properties'] ?? {}) as object);
      const close = suggest(key, known);
      return at(
        'config/unknown-key',
        `unknown key \`${key}\`${path.length === 0 ? '' : ` in ${name}`}`,
        close === undefined ? `the keys here are ${list(known)}` : `did you mean \`${close}\`?`,
        text.keySpan([...path, key]),
      );
    }
    case 'required':
      return at(
        'config/missing-key',
        `${name} needs the key \`${String(params['missingProperty'])}\``,
        missingHelp(schema, String(params['missingProperty'])),
        path.length === 0 ? text.valueSpan(path) : text.keySpan(path),
      );
    case 'discriminator': {
      // A missing `type` is told by `required`.
      if (params['tagValue'] === undefined) return undefined;
      const value = String(params['tagValue']);
      const values = typesOf((schema['oneOf'] ?? []) as readonly Branch[]);
      const close = suggest(value, values);
      return at(
        params['error'] === 'tag' ? 'config/wrong-type' : 'config/wrong-value',
        `there is no type \`${value}\` of ${path[0] === 'resources' ? 'resource' : 'channel'}s`,
        close === undefined ? `the types are ${list(values)}` : `did you mean \`${close}\`?`,
        text.valueSpan([...path, 'type']),
      );
    }
    case 'const': {
      // The branch of a union: reported once, by its `anyOf`.
      return undefined;
    }
    case 'anyOf': {
      const values = (schema['anyOf'] as readonly { const?: unknown }[]).map((branch) =>
        String(branch.const),
      );
      const close = suggest(String(error.data), values);
      return at(
        'config/wrong-value',
        `${name} cannot be ${show(error.data)}`,
        close === undefined ? `it is one of ${list(values)}` : `did you mean \`${close}\`?`,
      );
    }
    case 'type':
      return at(
        'config/wrong-type',
        `${name} must be ${article(String(params['type']))}, not ${show(error.data)}`,
        about,
      );
    case 'pattern':
      return at('config/wrong-value', `${name} cannot be ${show(error.data)}`, patternHelp(schema));
    case 'uniqueItems':
      return at('config/duplicate', `${name} has one item twice`, about);
    case 'bounds':
      return at('config/out-of-range', `${name} is out of range: ${show(error.data)}`, about);
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return at(
        'config/out-of-range',
        `${name} is out of range: ${error.keyword} is ${String(params['limit'])}`,
        about,
      );
    default:
      return at('config/wrong-value', `${name} ${error.message ?? 'is not valid'}`, about);
  }
}

/** What the key is, and how its value is written. */
function patternHelp(schema: Schema): string | undefined {
  const about = aboutOf(schema) ?? '';
  if (typeof schema['form'] === 'string') return `${about} Write ${schema['form']}.`;
  return typeof schema['default'] === 'string'
    ? `${about} Example: \`${schema['default']}\``
    : about;
}

/** What the missing key is; of the key that chooses between shapes, its values. */
function missingHelp(schema: Schema, key: string): string | undefined {
  const branches = schema['oneOf'];
  if (Array.isArray(branches)) return `the types are ${list(typesOf(branches))}`;
  return aboutOf(((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>)[key]);
}

function aboutOf(schema: Schema | undefined): string | undefined {
  const about = schema?.['description'];
  return typeof about === 'string' ? about : undefined;
}

function typesOf(branches: readonly Branch[]): readonly string[] {
  return branches.map(({ properties }) => properties.type.const);
}

function list(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ');
}

function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a set of keys';
  return `\`${String(value).slice(0, 60)}\``;
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a set of keys',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: '`true` or `false`',
  };
  return words[type] ?? type;
}
