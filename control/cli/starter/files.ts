/**
 * The texts of a starter: a configuration, an access policy with its tests, and a copy of the shipped guardrails with
 * theirs, which the user owns from then on. They are as `sallyport fmt` writes them and covered whole. Passwords go to a private file of their own, never into the configuration.
 */
import { readFileSync } from 'node:fs';
import type { PostgresUrl } from '../../config/postgres-url.ts';
import type { StarterFile } from './write.ts';

const open = (path: string, text: string): StarterFile => ({ path, text, isPrivate: false });

/** The files for a database. */
export function postgresStarter(
  name: string,
  url: PostgresUrl & { readonly user: string },
  subject: string,
): readonly StarterFile[] {
  const password = `.sallyport/${name}-password`;
  return [
    open(
      'sallyport.yaml',
      configuration(subject, 'postgres: 127.0.0.1:15432', [
        `  - name: ${name}`,
        '    type: postgres',
        '    labels: {env: dev}',
        '    policies: [guardrails.postgres, access]',
        `    host: ${quote(url.host)}`,
        `    port: ${url.port ?? 5432}`,
        `    database: ${quote(url.database ?? url.user)}`,
        `    user: ${quote(url.user)}`,
        ...(url.password === undefined ? [] : [`    password: \${file:${password}}`]),
      ]),
    ),
    ...(url.password === undefined
      ? []
      : [{ path: password, text: `${url.password.reveal()}\n`, isPrivate: true }]),
    open('policies/guardrails.policy', shipped('postgres/guardrails.policy')),
    open('policies/guardrails_test.policy', shipped('postgres/guardrails_test.policy')),
    open('policies/access.policy', POSTGRES_ACCESS),
    open('policies/access_test.policy', POSTGRES_ACCESS_TEST),
  ];
}

/** The files for a service. */
export function httpStarter(name: string, url: string, subject: string): readonly StarterFile[] {
  return [
    open(
      'sallyport.yaml',
      configuration(subject, 'http: 127.0.0.1:18080', [
        `  - name: ${name}`,
        '    type: http',
        '    labels: {env: dev}',
        '    policies: [guardrails.http, access]',
        `    url: ${quote(url)}`,
      ]),
    ),
    open('policies/guardrails.policy', shipped('http/guardrails.policy')),
    open('policies/guardrails_test.policy', shipped('http/guardrails_test.policy')),
    open('policies/access.policy', HTTP_ACCESS),
    open('policies/access_test.policy', HTTP_ACCESS_TEST),
  ];
}

/** JSON strings are YAML strings. `${` is doubled, because a value from a URL is no reference. */
function quote(text: string): string {
  return JSON.stringify(text.replaceAll('${', '$${'));
}

function shipped(path: string): string {
  return readFileSync(new URL(`../../../policies/${path}`, import.meta.url), 'utf8');
}

function configuration(subject: string, listen: string, resource: readonly string[]): string {
  return `${[
    '# docs/configuration.md describes every key.',
    'listen:',
    `  ${listen}`,
    '  api: 127.0.0.1:7070',
    '',
    'policies: [policies]',
    '',
    'resources:',
    ...resource,
    '',
    '# Who may be given a token with `sallyport token SUBJECT`.',
    'identities:',
    `  - subject: ${quote(subject)}`,
    '    groups: [engineering]',
    '  - subject: assistant',
    '    kind: agent',
    `    owner: ${quote(subject)}`,
    '  - subject: approver',
    '    groups: [approvers]',
  ].join('\n')}\n`;
}

const POSTGRES_ACCESS = `# Who may do what. Nothing is allowed unless a rule here says so; \`sallyport check\` checks it, \`sallyport decide\` tries it.
package access

import future.keywords.not

default allow := false

allow if input.identity.kind == "human"

# An agent acts for somebody, or not at all.
allow if {
	input.identity.kind == "agent"
	input.identity.on_behalf_of
}

block contains {"code": "agent-schema", "reason": "agents do not change the schema"} if {
	input.identity.kind == "agent"
	input.action.class == "ddl"
}

# A change waits until somebody in the group \`approvers\` says yes to exactly this statement.
require_approval contains {
	"code": "change",
	"reason": sprintf("%s changes data or schema", [input.action.verb]),
	"approvers": {"groups": ["approvers"]},
	"expires": "15m",
	"scope": "statement",
} if {
	not input.action.class in {"read", "session"}
}

# mask contains {"code": "pii", "column": "public.customers.email", "with": "email"} if {
# 	not "pii-readers" in input.identity.groups
# }
`;

const POSTGRES_ACCESS_TEST = `package access_test

import data.access

person := {"kind": "human", "subject": "ana", "groups": []}

agent := {"kind": "agent", "subject": "assistant", "groups": []}

test_people_read if {
	access.allow with input as {"identity": person, "action": {"class": "read"}}
}

test_an_agent_acts_for_somebody_or_not_at_all if {
	not access.allow with input as {"identity": agent, "action": {"class": "read"}}
	access.allow with input as {"identity": object.union(agent, {"on_behalf_of": person}), "action": {"class": "read"}}
}

test_an_agent_does_not_change_the_schema if {
	some block in access.block with input as {"identity": agent, "action": {"class": "ddl"}}
	block.code == "agent-schema"
}

test_a_change_needs_approval if {
	some request in access.require_approval with input as change("write", "UPDATE")
	request.approvers == {"groups": ["approvers"]}
}

test_reading_needs_none if {
	count(access.require_approval) == 0 with input as change("read", "SELECT")
}

change(class, verb) := {"identity": person, "action": {"class": class, "verb": verb}}
`;

const HTTP_ACCESS = POSTGRES_ACCESS.replace(
  `block contains {"code": "agent-schema", "reason": "agents do not change the schema"} if {
	input.identity.kind == "agent"
	input.action.class == "ddl"
}`,
  `block contains {"code": "agent-delete", "reason": "agents do not delete"} if {
	input.identity.kind == "agent"
	input.action.http.method == "DELETE"
}`,
)
  .replace('changes data or schema', 'changes the service')
  .replace('exactly this statement', 'exactly this request')
  .replace('"column": "public.customers.email"', '"field": "/customers/*/email"');

const HTTP_ACCESS_TEST = POSTGRES_ACCESS_TEST.replace(
  'test_an_agent_does_not_change_the_schema',
  'test_an_agent_deletes_nothing',
)
  .replace(
    '{"identity": agent, "action": {"class": "ddl"}}',
    '{"identity": agent, "action": {"http": {"method": "DELETE"}}}',
  )
  .replace('"agent-schema"', '"agent-delete"')
  .replace('"UPDATE"', '"POST"')
  .replace('"SELECT"', '"GET"');
