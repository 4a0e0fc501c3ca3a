/** A secret port whose values never change. */
import type { SecretPort, SecretRef } from '../../proxy/gate/ports.ts';

export function fixedSecrets(tell: (secret: SecretRef) => string): SecretPort {
  return {
    borrow: async (secrets) => ({
      values: secrets.map(tell),
      refused: async () => false,
      release: () => undefined,
    }),
  };
}
