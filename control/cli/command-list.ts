/**
 * Every command with the line that describes it. The command itself is loaded when it is asked for.
 */
import type { Command } from 'commander';

export interface CommandModule {
  /** Adds the command to the program. */
  readonly register: (program: Command) => void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a starter configuration and policies for your own database or service',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'start',
    summary: 'run the gateway',
    load: () => import('./commands/start.ts'),
  },
  {
    name: 'demo',
    summary: 'run a demo database and service with the gateway in front of both',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'tour',
    summary: 'drive the demo as its clients would, and print what happens',
    load: () => import('./commands/tour.ts'),
  },
  {
    name: 'check',
    summary: 'check policies without running anything',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'lint',
    summary: 'find what is valid and still likely wrong',
    load: () => import('./commands/lint.ts'),
  },
  {
    name: 'fmt',
    summary: 'put policies into the one layout',
    load: () => import('./commands/fmt.ts'),
  },
  {
    name: 'test',
    summary: 'run the tests of policies, with got and want, coverage and JUnit',
    load: () => import('./commands/test.ts'),
  },
  {
    name: 'eval',
    summary: 'evaluate a query against policies',
    load: () => import('./commands/eval.ts'),
  },
  {
    name: 'decide',
    summary: 'show what the policies decide about one action, and which rules decide it',
    load: () => import('./commands/decide.ts'),
  },
  {
    name: 'explain',
    summary: 'show why an action is decided as it is, and what would have to be true',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'serve',
    summary: "answer decisions over OPA's REST API, and for Envoy",
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'build',
    summary: 'print the plan of policies, or write them as a stand-alone ES module',
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'lsp',
    summary: 'serve an editor: diagnostics, completion and hover while policies are written',
    load: () => import('./commands/lsp.ts'),
  },
  {
    name: 'login',
    summary: 'sign in with your identity provider, in a browser or by device code',
    load: () => import('./commands/login.ts'),
  },
  {
    name: 'logout',
    summary: 'end your sign-in, here, at the gateway and at the provider',
    load: () => import('./commands/logout.ts'),
  },
  {
    name: 'whoami',
    summary: 'show who you are to the gateway, for whom you act, and until when',
    load: () => import('./commands/whoami.ts'),
  },
  {
    name: 'token',
    summary: 'make a token for an identity of the configuration',
    load: () => import('./commands/token.ts'),
  },
  {
    name: 'connect',
    summary:
      'start psql, curl or another program that reaches a resource, with a token for that alone',
    load: () => import('./commands/connect.ts'),
  },
  {
    name: 'consent',
    summary: 'let agents act for you, list what does, and end it',
    load: () => import('./commands/consent.ts'),
  },
  {
    name: 'break-glass',
    summary: 'seal a one-use code for the day when nothing else works',
    load: () => import('./commands/break-glass.ts'),
  },
  {
    name: 'api-key',
    summary: 'make, list and revoke keys for machines',
    load: () => import('./commands/api-key.ts'),
  },
  {
    name: 'secret',
    summary: 'keep credentials of targets in the gateway, sealed',
    load: () => import('./commands/secret.ts'),
  },
  {
    name: 'sessions',
    summary: 'list recorded sessions, and end live ones',
    load: () => import('./commands/sessions.ts'),
  },
  {
    name: 'replay',
    summary: 'print what happened in a session',
    load: () => import('./commands/replay.ts'),
  },
  {
    name: 'approvals',
    summary: 'list requests for approval',
    load: () => import('./commands/approvals.ts'),
  },
  {
    name: 'approve',
    summary: 'say yes to a request',
    load: () => import('./commands/approve.ts'),
  },
  {
    name: 'deny',
    summary: 'say no to a request',
    load: () => import('./commands/deny.ts'),
  },
  {
    name: 'escalate',
    summary: 'ask the escalation groups too, when nobody answers a request',
    load: () => import('./commands/escalate.ts'),
  },
  {
    name: 'withdraw',
    summary: 'take back a request of your own',
    load: () => import('./commands/withdraw.ts'),
  },
  {
    name: 'revoke',
    summary: 'take back an approval; sessions that acted under it end',
    load: () => import('./commands/revoke.ts'),
  },
  {
    name: 'notifications',
    summary: 'list notices that were not delivered, and try them again',
    load: () => import('./commands/notifications.ts'),
  },
  {
    name: 'verify',
    summary: 'verify that the journal is complete and unaltered',
    load: () => import('./commands/verify.ts'),
  },
];
