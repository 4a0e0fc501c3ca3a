/**
 * An identity provider that the configuration trusts, and what its tokens may stand for here. Plain data.
 */

export interface Provider {
  /** Its name in the configuration. */
  readonly name: string;
  /** Its exact `iss`. */
  readonly issuer: string;
  /** Where its keys are; found by discovery when undefined. */
  readonly jwksUri: string | undefined;
  /** PEM of the authority of its TLS certificate; the system's when undefined. */
  readonly ca: string | undefined;
  /** The client people sign in with at the provider; ID tokens are refused when undefined. */
  readonly clientId: string | undefined;
  readonly scopes: readonly string[];
  /** Port on the person's machine that a sign-in returns to; any when undefined. */
  readonly redirectPort: number | undefined;
  /** Tokens for one of these are accepted as a password or bearer; none when empty. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  readonly maxLifeMs: number;
  readonly mapping: Mapping;
}

/** How the claims of a provider become an identity. */
export interface Mapping {
  /** What its people and workloads are, but for registered agents. */
  readonly kind: 'human' | 'service';
  /** Stands before each of its subjects, so that no other provider can name them. */
  readonly prefix: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  /** The claim with the groups; no groups are taken over when undefined. */
  readonly groups: string | undefined;
  /** Groups of the provider to groups here; others are dropped. All are taken over as they are when undefined. */
  readonly groupMap: ReadonlyMap<string, readonly string[]> | undefined;
  /** Groups that everybody it vouches for is given. */
  readonly giveGroups: readonly string[];
  /** Claims that policies are to see. */
  readonly keep: readonly string[];
  /** Patterns of the provider's own subjects, one of which must match; any when empty. */
  readonly subjects: readonly string[];
  /** Patterns of further claims, all of which must match. */
  readonly require: ReadonlyMap<string, string>;
  /** Values of `amr`, one of which stands for a second factor. */
  readonly mfa: readonly string[];
}
