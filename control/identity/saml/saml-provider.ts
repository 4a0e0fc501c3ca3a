/**
 * A SAML 2.0 identity provider that the configuration trusts, and who this gateway is to it. Plain data.
 */
import type { Mapping } from '../providers/provider.ts';

export interface SamlProvider {
  /** Its name in the configuration. */
  readonly name: string;
  /** Its entity id, exactly. */
  readonly issuer: string;
  /** Where it takes sign-ins, by HTTP-Redirect. */
  readonly ssoUrl: string;
  /** PEM certificates it may sign with. */
  readonly certificates: readonly string[];
  /** The entity id of this gateway: the audience of its assertions. */
  readonly spEntityId: string;
  /** Where its assertions arrive: their recipient. */
  readonly acsUrl: string;
  readonly mapping: Mapping;
}
