/** Puts the parts of planning together. */
import { planBody, planExpr, planLiteral } from './plan-body.ts';
import { planCall } from './plan-call.ts';
import { planClosure } from './plan-closure.ts';
import { planOverlay } from './plan-overlay.ts';
import { planRef } from './plan-ref.ts';
import { planList, planTerm } from './plan-term.ts';
import { planMatch, planUnify } from './plan-unify.ts';
import type { PlannerParts } from './planner.ts';

/** What every planner uses. */
export const PARTS: PlannerParts = {
  term: planTerm,
  list: planList,
  ref: planRef,
  match: planMatch,
  unify: planUnify,
  body: planBody,
  literal: planLiteral,
  expr: planExpr,
  closure: planClosure,
  call: planCall,
  overlay: planOverlay,
};
