/**
 * A request as the people involved see it: with its answers, what became of it, and what was answered to the like before.
 */
import type { StoredAnswer, StoredApproval } from '../store/approvals/approval-store.ts';
import type { StoredGrant } from '../store/grants/grant-store.ts';
import type { Store } from '../store/store.ts';
import { isSamePerson, readMarks } from './people.ts';
import { shapeOf } from './shape.ts';

/** Earlier requests that are shown. */
const MAX_SIMILAR = 5;

export interface SimilarApproval {
  readonly id: string;
  readonly state: StoredApproval['state'];
  readonly subject: string;
  readonly atMs: number;
  readonly by: readonly string[];
  readonly isSame: boolean;
}

export interface ApprovalView extends StoredApproval {
  readonly answers: readonly StoredAnswer[];
  readonly grant: StoredGrant | undefined;
  /** People still missing; 0 once it is decided. */
  readonly missing: number;
  /** Decided requests about statements of the same shape on the same resource, newest first; empty in lists. */
  readonly similar: readonly SimilarApproval[];
}

/** Subjects who answered, the first of each person. */
export function onePerPerson(answers: readonly StoredAnswer[]): readonly string[] {
  const people: (readonly string[])[] = [];
  return answers.flatMap(({ subject, person }) => {
    const marks = readMarks(person);
    if (people.some((each) => isSamePerson(each, marks))) return [];
    people.push(marks);
    return [subject];
  });
}

export async function viewApproval(
  store: Store,
  approval: StoredApproval,
  withSimilar: boolean,
): Promise<ApprovalView> {
  const [answers, grant, similar] = await Promise.all([
    store.listAnswers(approval.id),
    approval.state === 'granted' || approval.state === 'revoked'
      ? store.findGrantOf(approval.id)
      : undefined,
    withSimilar ? findSimilar(store, approval) : [],
  ]);
  const yes = onePerPerson(answers.filter(({ answer }) => answer === 'approve')).length;
  const missing = approval.state === 'pending' ? Math.max(approval.demand.quorum - yes, 0) : 0;
  return { ...approval, answers, grant, missing, similar };
}

/** Kept with a request; empty shapes match nothing. */
export function shapeOfApproval({
  details,
  text,
}: Pick<StoredApproval, 'details' | 'text'>): string {
  return shapeOf(details.action?.kind, details.action?.verb ?? '', text);
}

async function findSimilar(
  store: Store,
  { id, resource, shape, digest }: StoredApproval,
): Promise<readonly SimilarApproval[]> {
  if (shape === '') return [];
  const found = await store.listSimilar({ resource, shape, except: id, limit: MAX_SIMILAR });
  return Promise.all(
    found.map(async (each) => ({
      id: each.id,
      state: each.state,
      subject: each.identity.subject,
      atMs: each.decidedAtMs ?? each.createdAtMs,
      by: (await store.listAnswers(each.id)).map(({ subject }) => subject),
      isSame: each.digest === digest,
    })),
  );
}
