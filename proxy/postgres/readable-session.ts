/**
 * The settings under which the analyser and the server read a text alike. It must not change them: a session that leaves them ends.
 */
import { ProxyError } from '../error.ts';
import { readParameterStatus } from './wire/backend.ts';

/** INVARIANT: the analyser reads text as UTF-8 with standard strings; a session that leaves them is one nobody can read. */
export function assertReadable(body: Buffer): void {
  const { name, value } = readParameterStatus(body);
  const good =
    (name !== 'standard_conforming_strings' || value === 'on') &&
    (name !== 'client_encoding' || value === 'UTF8');
  if (good) return;
  throw new ProxyError(
    'client/protocol',
    `${name} was changed to ${value}; the gateway cannot read such a session`,
    {
      hint: `Leave ${name} as it is.`,
    },
  );
}
