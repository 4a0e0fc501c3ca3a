/**
 * The first characters of a request's id stand for it, where they can mean one only.
 */
import type { ApprovalMessage } from '../approvals/message.ts';
import type { ApiClient } from './api-client.ts';

/** The one request that fits and begins with these characters, or the characters themselves. */
export async function completeId(
  api: ApiClient,
  id: string,
  fits: (approval: ApprovalMessage) => boolean,
): Promise<string> {
  const { approvals } = (await api.get('/v1/approvals')) as {
    readonly approvals: readonly ApprovalMessage[];
  };
  const matching = approvals.filter((each) => each.id.startsWith(id) && fits(each));
  return matching.length === 1 && matching[0] !== undefined ? matching[0].id : id;
}
