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

/** One request with what was decided about the like. */
export async function viewApproval(store: Store, approval: StoredApproval): Promise<ApprovalView> {
  const [[view], similar] = await Promise.all([
    viewApprovals(store, [approval]),
    findSimilar(store, approval),
  ]);
  return { ...(view ?? { ...approval, answers: [], grant: undefined, missing: 0 }), similar };
}

/** Any number of requests, in their order, by two queries. */
export async function viewApprovals(
  store: Store,
  approvals: readonly StoredApproval[],
): Promise<readonly ApprovalView[]> {
  const ids = approvals.map(({ id }) => id);
  const isGranted = ({ state }: StoredApproval): boolean =>
    state === 'granted' || state === 'revoked';
  const [answers, grants] = await Promise.all([
    store.listAnswers(ids),
    store.listGrantsOf(approvals.filter(isGranted).map(({ id }) => id)),
  ]);
  const answersOf = Map.groupBy(answers, ({ approval }) => approval);
  const grantOf = new Map(grants.map((grant) => [grant.approval, grant]));
  return approvals.map((approval) => {
    const given = answersOf.get(approval.id) ?? [];
    const yes = onePerPerson(given.filter(({ answer }) => answer === 'approve')).length;
    const missing = approval.state === 'pending' ? Math.max(approval.demand.quorum - yes, 0) : 0;
    return { ...approval, answers: given, grant: grantOf.get(approval.id), missing, similar: [] };
  });
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
  const answers = await store.listAnswers(found.map((each) => each.id));
  return found.map((each) => ({
    id: each.id,
    state: each.state,
    subject: each.identity.subject,
    atMs: each.decidedAtMs ?? each.createdAtMs,
    by: answers.filter(({ approval }) => approval === each.id).map(({ subject }) => subject),
    isSame: each.digest === digest,
  }));
}
