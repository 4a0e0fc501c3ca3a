/**
 * What a program is told before anybody has signed in: with which providers people do, and how. Nothing of it is secret.
 */
import type { Provider } from './providers/provider.ts';
import type { SamlProvider } from './saml/saml-provider.ts';

/** A provider people sign in with. */
export type LoginOption =
  | {
      readonly kind: 'oidc';
      readonly name: string;
      readonly issuer: string;
      readonly client_id: string;
      readonly scopes: readonly string[];
      /** Port on the person's machine to return to; any when left out. */
      readonly redirect_port?: number;
    }
  | { readonly kind: 'saml'; readonly name: string; readonly issuer: string };

/** The providers that people of this configuration sign in with, in its order. */
export function describeLogin(settings: {
  readonly providers: readonly Provider[];
  readonly samlProviders: readonly SamlProvider[];
}): readonly LoginOption[] {
  return [
    ...settings.providers.flatMap(
      ({ name, issuer, clientId, scopes, redirectPort }): readonly LoginOption[] =>
        clientId === undefined
          ? []
          : [
              {
                kind: 'oidc',
                name,
                issuer,
                client_id: clientId,
                scopes,
                ...(redirectPort === undefined ? {} : { redirect_port: redirectPort }),
              },
            ],
    ),
    ...settings.samlProviders.map(
      ({ name, issuer }): LoginOption => ({ kind: 'saml', name, issuer }),
    ),
  ];
}
