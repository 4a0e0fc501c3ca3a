/**
 * What the demo's identity provider remembers, in memory, for as long as the demo runs.
 */
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  readonly untilMs: number;
}

/** Entries of one kind; the oldest make room. */
const MAX_ENTRIES = 10_000;

/** Makes the memory of one provider: an adapter for each kind of thing it keeps. */
export function createProviderMemory(): (kind: string) => Adapter {
  const kinds = new Map<string, Map<string, Kept>>();
  return (kind) => {
    const entries = kinds.get(kind) ?? new Map<string, Kept>();
    kinds.set(kind, entries);
    const find = (id: string): AdapterPayload | undefined => {
      const kept = entries.get(id);
      return kept !== undefined && Date.now() < kept.untilMs ? kept.payload : undefined;
    };
    const findBy = (key: 'uid' | 'userCode', value: string): AdapterPayload | undefined => {
      const [id] = [...entries].find(([, { payload }]) => payload[key] === value) ?? [];
      return id === undefined ? undefined : find(id);
    };
    return {
      async upsert(id, payload, seconds) {
        const untilMs =
          seconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
        const [oldest] = entries.keys();
        if (entries.size >= MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
        entries.set(id, { payload, untilMs });
      },
      find: async (id) => find(id),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      findByUid: async (uid) => findBy('uid', uid),
      async consume(id) {
        const kept = entries.get(id);
        const consumed = Math.floor(Date.now() / 1000);
        if (kept !== undefined)
          entries.set(id, { ...kept, payload: { ...kept.payload, consumed } });
      },
      async destroy(id) {
        entries.delete(id);
      },
      async revokeByGrantId(grantId) {
        for (const [id, { payload }] of entries)
          if (payload.grantId === grantId) entries.delete(id);
      },
    };
  };
}
