/**
 * Errors of the HTTP API in the form of RFC 9457: `application/problem+json` with a stable `code` and, where there is something
 * to do, a `hint`. Nothing of the inside of a fault is told.
 */
import { Type } from 'typebox';
import type { Refusal } from '../../proxy/gate/refusal.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    hint: Type.Optional(Type.String()),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details.' },
);

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly hint?: string;
}

/** Thrown inside a handler, rendered by the error handler of the server. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(status: number, code: string, title: string, hint?: string) {
    super(title);
    this.name = 'ApiProblem';
    this.problem = {
      type: `urn:sallyport:problem:${code}`,
      title,
      status,
      code,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  'approval/not-found': 404,
  'api-key/not-found': 404,
  'secret/not-found': 404,
  'secret/changed-meanwhile': 409,
  'resource/unknown': 404,
  'approval/closed': 409,
  'approval/answered-before': 409,
  'approval/escalated-before': 409,
  'link/used': 409,
  'link/expired': 410,
  'notice/not-found': 404,
};

/** The problem that tells a refusal. */
export function problemOf(refusal: Refusal): ApiProblem {
  const status =
    STATUS_OF_CODE[refusal.code] ??
    { unauthenticated: 401, unavailable: 503, limit: 429 }[refusal.kind as string] ??
    403;
  return new ApiProblem(status, refusal.code, refusal.message, refusal.hint);
}
