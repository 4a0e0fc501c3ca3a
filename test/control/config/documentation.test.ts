/**
 * docs/configuration.md names every key of the schema with its default and bounds, and no key that is not there.
 */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgentSchema } from '../../../control/config/agents-section.ts';
import { BreakGlassSchema } from '../../../control/config/delegation-section.ts';
import { IssuerSchema } from '../../../control/config/issuers-section.ts';
import { parseConfig } from '../../../control/config/load.ts';
import {
  EmailChannelSchema,
  NotifiedPersonSchema,
  SlackChannelSchema,
  TeamsChannelSchema,
  WebhookChannelSchema,
} from '../../../control/config/notifications-schema.ts';
import { SamlSchema } from '../../../control/config/saml-section.ts';
import {
  ConfigSchema,
  configJsonSchema,
  HttpResourceSchema,
  IdentitySchema,
  PostgresResourceSchema,
} from '../../../control/config/schema.ts';

interface AnySchema {
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly required?: readonly string[];
  readonly items?: AnySchema;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly bounds?: { readonly minimum: string; readonly maximum: string };
}

const documentation = suite('control/config/documentation');
const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const rows = new Map(
  page.split('\n').flatMap((line) => {
    const cells = line.split(' | ');
    const key = /^\| `([^`]+)`$/.exec(cells[0] ?? '')?.[1];
    return key === undefined ? [] : [[key, line] as const];
  }),
);

/** Lists of keys that are described one by one. */
const LISTS: ReadonlySet<string> = new Set(['inject', 'upstream_users', 'set_role']);

function keysOf(schema: AnySchema, prefix: string): [string, AnySchema, boolean][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => [
    [`${prefix}${name}`, child, schema.required?.includes(name) ?? false] as [
      string,
      AnySchema,
      boolean,
    ],
    ...keysOf(child, `${prefix}${name}.`),
    ...(LISTS.has(name) ? keysOf(child.items ?? {}, `${prefix}${name}[].`) : []),
  ]);
}

const CHANNELS = [WebhookChannelSchema, SlackChannelSchema, TeamsChannelSchema, EmailChannelSchema];
const approvals = (ConfigSchema as unknown as AnySchema).properties?.['approvals'];
const keys = [
  ...keysOf(ConfigSchema as unknown as AnySchema, ''),
  ...keysOf(PostgresResourceSchema as AnySchema, 'resources[].'),
  ...keysOf(HttpResourceSchema as AnySchema, 'resources[].'),
  ...keysOf(IdentitySchema as AnySchema, 'identities[].'),
  ...keysOf(IssuerSchema as unknown as AnySchema, 'issuers[].'),
  ...keysOf(SamlSchema as unknown as AnySchema, 'saml[].'),
  ...keysOf(AgentSchema as AnySchema, 'agents[].'),
  ...keysOf(BreakGlassSchema as AnySchema, 'break_glass[].'),
  ...['people', 'groups'].flatMap((list) =>
    keysOf(approvals?.properties?.[list]?.items ?? {}, `approvals.${list}[].`),
  ),
  ...CHANNELS.flatMap((channel) => keysOf(channel as AnySchema, 'notifications.channels[].')),
  ...keysOf(NotifiedPersonSchema as AnySchema, 'notifications.people[].'),
].filter(([key]) => !key.endsWith('[].type'));

documentation('every key has a row, and every row a key', () => {
  assert.ok(keys.length > 50, `only ${keys.length} keys seen`);
  const known = new Set(keys.map(([key]) => key));
  assert.equal(
    [...known].filter((key) => !rows.has(key)),
    [],
  );
  assert.equal(
    [...rows.keys()].filter((key) => !known.has(key)),
    [],
  );
});

documentation('a row tells the default and the bounds', () => {
  const lacking = keys.flatMap(([key, schema]) => {
    const row = rows.get(key) ?? '';
    const fallback = schema.default;
    const shown = typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
    const expected = [
      ...(fallback === undefined ? [] : [`\`${shown}\``]),
      ...(schema.minimum === undefined ? [] : [`From ${schema.minimum} to ${schema.maximum}.`]),
      ...(schema.bounds === undefined
        ? []
        : [`From ${schema.bounds.minimum} to ${schema.bounds.maximum}.`]),
    ];
    return expected.filter((text) => !row.includes(text)).map((text) => `${key}: ${text}`);
  });
  assert.equal(lacking, []);
});

documentation('the example on the page is a configuration', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const { settings, problems } = parseConfig({ name: 'x', text: example }, '/x/sallyport.yaml', {
    env: { BILLING_KEY: 'k' },
    readFile: () => 'p',
  });
  assert.equal(problems, []);
  assert.is(settings?.targets.length, 2);
});

documentation('the schema can be given to an editor as plain JSON', () => {
  const schema = configJsonSchema();
  assert.is(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
  assert.equal(JSON.parse(JSON.stringify(schema)), schema);
});

documentation.run();
