/**
 * The secret port over the configuration: values stay wrapped until a protocol asks for one by its handle.
 */

import { ProxyError } from '../proxy/error.ts';
import type { SecretPort } from '../proxy/gate/ports.ts';
import type { Secret } from './config/secret.ts';

export function createSecretVault(secrets: ReadonlyMap<string, Secret>): SecretPort {
  return {
    reveal(ref) {
      const secret = secrets.get(ref.id);
      return secret === undefined
        ? Promise.reject(new ProxyError('secret/unavailable', `there is no secret ${ref.id}`))
        : Promise.resolve(secret.reveal());
    },
  };
}
