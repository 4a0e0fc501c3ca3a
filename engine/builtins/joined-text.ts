/** The text of a template string: bounded as every text is, and counted as work. */
import { EvaluationFailure } from '../run/failure.ts';
import type { BuiltinContext } from './context.ts';
import { MAX_TEXT_LENGTH } from './strings.ts';

/** Characters that are one step. */
const CHARACTERS_PER_STEP = 64;

/** Joins the parts. Throws `eval_limit_error` where the text would be too long, or the budget is spent. */
export function joinedText(ctx: Pick<BuiltinContext, 'charge'>, parts: readonly string[]): string {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > MAX_TEXT_LENGTH) {
    const message = `text exceeds the limit of ${MAX_TEXT_LENGTH} characters`;
    throw new EvaluationFailure('eval_limit_error', message);
  }
  const over =
    length < CHARACTERS_PER_STEP ? undefined : ctx.charge(Math.ceil(length / CHARACTERS_PER_STEP));
  if (over !== undefined) throw new EvaluationFailure('eval_limit_error', over.message);
  return parts.join('');
}
