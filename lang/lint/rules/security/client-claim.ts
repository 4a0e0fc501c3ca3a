/**
 * A rule allows by what the client says of itself.
 */
import { defines } from '../../decision-member.ts';
import { ruleAround } from '../../expressions.ts';
import type { LintRule } from '../../rule.ts';

const CLAIMS: ReadonlySet<string> = new Set([
  'input.identity.name',
  'input.session.client.application',
  ...['user-agent', 'referer', 'origin', 'x-forwarded-for', 'x-real-ip', 'x-forwarded-host'].map(
    (header) => `input.action.http.headers.${header}`,
  ),
]);

/** Page: docs/lint/security/client-claim.md. */
export const clientClaim: LintRule = {
  id: 'security/client-claim',
  level: 'error',
  help: 'go by subject, groups, scopes or the credential, which the issuer vouches for',
  skipsTests: true,
  check: ({ report, inputPath }) => ({
    Ref: (ref, ancestors) => {
      const rule = ruleAround(ancestors);
      if (rule === undefined || !defines(rule, 'allow') || rule.isDefault) return;
      const path = inputPath(ref, ancestors) ?? '';
      if (CLAIMS.has(path)) report(ref.span, `the client chooses \`${path}\``);
    },
  }),
};
