/**
 * The secret port over the configuration: values stay wrapped until a protocol asks for them by their handles.
 */

import { ProxyError } from '../proxy/error.ts';
import type { SecretPort } from '../proxy/gate/ports.ts';
import type { Secret } from './config/secret.ts';

export function createSecretVault(secrets: ReadonlyMap<string, Secret>): SecretPort {
  return {
    async borrow(refs) {
      const values = refs.map(({ id }) => {
        const secret = secrets.get(id);
        if (secret !== undefined) return secret.reveal();
        throw new ProxyError('secret/unavailable', `there is no secret ${id}`);
      });
      return { values, refused: () => Promise.resolve(false), release: () => undefined };
    },
  };
}
