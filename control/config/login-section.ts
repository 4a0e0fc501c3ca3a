/**
 * `login:` of the configuration: what people get who sign in with a provider.
 */
import { type Static, Type } from 'typebox';
import { closed, duration } from './schema-parts.ts';
import { parseDuration } from './units.ts';

const SESSION = '1h';

export const LoginSchema = Type.Object(
  {
    session: Type.Optional(
      duration(
        'Life of the token that a sign-in gives; `sallyport` renews it while the provider agrees.',
        SESSION,
        '1m',
        '24h',
      ),
    ),
  },
  { ...closed, description: 'People who sign in with a provider.' },
);

/** How long what a sign-in gives is good for. */
export interface LoginSettings {
  readonly sessionMs: number;
}

export function readLoginSection(section: Static<typeof LoginSchema> | undefined): LoginSettings {
  return { sessionMs: parseDuration(section?.session ?? SESSION) ?? 0 };
}
