/** The two halves of lowering, tied together for the contexts that need both. */
import type { Lowering } from './context.ts';
import { lowerBody } from './lower-body.ts';
import { lowerTerm } from './lower-term.ts';

export const LOWERING: Lowering = { term: lowerTerm, body: lowerBody };
