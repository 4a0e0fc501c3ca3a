/** Makes a decision and writes it down where a log is kept: also those that fail. */
import type { Value } from '../../engine/value/value.ts';
import type { AnswerContext, DocumentQuestion } from './answer-document.ts';
import { ServeFault } from './fault.ts';
import { documentName } from './parameters.ts';
import type { ServePorts } from './ports.ts';

/** What `decide` gives, after it was logged. `decide` receives the identifier of the decision, undefined without a log. */
export function decideLogged<Answer extends { readonly result: Value | undefined }>(
  ports: ServePorts,
  context: AnswerContext,
  question: DocumentQuestion,
  decide: (decisionId: string | undefined) => Answer,
): Answer {
  const { decisionLog } = ports;
  if (decisionLog === undefined) return decide(undefined);
  const decisionId = ports.newId();
  const write = (result: Value | undefined, error: string | undefined): void =>
    decisionLog.write({
      decisionId,
      at: new Date(ports.nowMs()).toISOString(),
      path: documentName(question.path),
      revision: context.policySet.revision,
      input: question.input,
      result,
      error,
    });
  let answer: Answer;
  try {
    answer = decide(decisionId);
  } catch (cause) {
    const text = cause instanceof ServeFault ? `${cause.code}: ${cause.message}` : 'internal_error';
    write(undefined, text);
    throw cause;
  }
  write(answer.result, undefined);
  return answer;
}
