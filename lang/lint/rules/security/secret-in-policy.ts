/**
 * A string in a policy looks like a credential.
 */
import type { LintRule } from '../../rule.ts';

const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a JSON web token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}/],
  ['a password in an address', /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]+:[^\s:@/]+@/],
];

/** Page: docs/lint/security/secret-in-policy.md. */
export const secretInPolicy: LintRule = {
  id: 'security/secret-in-policy',
  level: 'error',
  help: 'keep credentials out of policies, and replace this one',
  skipsTests: true,
  check: ({ report }) => ({
    String: ({ span, value }) => {
      const found = SECRETS.find(([, pattern]) => pattern.test(value));
      if (found !== undefined) report(span, `this looks like ${found[0]}`);
      return undefined;
    },
  }),
};
