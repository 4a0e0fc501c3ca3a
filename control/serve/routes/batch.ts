/**
 * `POST /v1/batch/data/PATH`: one document for many inputs, all by one policy set. Follows what the npm client of OPA expects of a
 * server that has it: 200 when all were answered, 207 when some were, 500 when none was.
 */
import type { FastifyInstance } from 'fastify';
import { RegoObject } from '../../../engine/value/object.ts';
import type { Value } from '../../../engine/value/value.ts';
import { answerDocument } from '../answer-document.ts';
import { addRoute, type Exchange } from '../exchange.ts';
import { faultBody, ServeFault } from '../fault.ts';
import { objectText } from '../json-text.ts';
import { decideLogged } from '../logged-decision.ts';
import { readDocumentPath, readParameters } from '../parameters.ts';
import { contextOf, type ServePorts } from '../ports.ts';
import { readMembers } from '../request-body.ts';

const PREFIX = '/v1/batch/data';
/** Inputs of one request. */
const MAX_INPUTS = 1_000;
/** Milliseconds of evaluation after which other requests are let in between. */
const TURN_MS = 5;

export function registerBatchRoute(app: FastifyInstance, ports: ServePorts): void {
  for (const url of [PREFIX, `${PREFIX}/*`])
    addRoute(app, ports, {
      method: 'POST',
      url,
      handler: 'v1/batch',
      answer: (exchange) => answerBatch(ports, exchange),
    });
}

interface Answered {
  readonly key: string;
  readonly text: string;
  readonly fault: ServeFault | undefined;
}

async function answerBatch(ports: ServePorts, exchange: Exchange) {
  const inputs = inputsOf(readMembers(await exchange.text(), 'body').get('inputs'));
  const path = readDocumentPath(exchange.path, PREFIX);
  const parameters = { ...readParameters(exchange.query), metrics: false, provenance: false };
  const context = contextOf(ports);
  const answers: Answered[] = [];
  let turn = performance.now();
  for (const [key, input] of inputs) {
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    const now = process.hrtime.bigint();
    const question = { path, input };
    try {
      const { text } = decideLogged(ports, context, question, (decisionId) =>
        answerDocument(
          context,
          question,
          parameters,
          { startedNs: now, parsedNs: now },
          {
            decisionId,
            warns: false,
          },
        ),
      );
      answers.push({ key, text, fault: undefined });
    } catch (cause) {
      if (!(cause instanceof ServeFault)) throw cause;
      answers.push({ key, text: JSON.stringify(faultBody(cause)), fault: cause });
    }
  }
  const failed = answers.filter(({ fault }) => fault !== undefined).length;
  const status = failed === 0 ? 200 : failed === answers.length ? 500 : 207;
  const entries = answers.map(({ key, text, fault }): [string, string] => [
    key,
    status === 200 ? text : withStatus(text, fault?.status ?? 200),
  ]);
  return exchange.send(
    objectText({ responses: objectText(Object.fromEntries(entries)) }),
    parameters.pretty,
    status,
  );
}

/** An answer that tells its own status, because that of the whole does not. */
function withStatus(text: string, status: number): string {
  const rest = text === '{}' ? '}' : `,${text.slice(1)}`;
  return `{"http_status_code":"${status}"${rest}`;
}

function inputsOf(inputs: Value | undefined): readonly (readonly [string, Value])[] {
  if (!(inputs instanceof RegoObject)) {
    throw new ServeFault(400, 'invalid_parameter', '`inputs` must be an object of inputs by key');
  }
  if (inputs.size > MAX_INPUTS) {
    throw new ServeFault(400, 'invalid_parameter', `a batch has at most ${MAX_INPUTS} inputs`);
  }
  return inputs.toSortedEntries().map(([key, input]) => [String(key), input]);
}
