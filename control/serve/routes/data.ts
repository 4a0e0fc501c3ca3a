/**
 * `GET` and `POST /v1/data/PATH`, `POST /v0/data/PATH` and `POST /`: the value of a document. Follows OPA's REST API, data API.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { nodeAt } from '../../../engine/interpret/rule-tree.ts';
import { writeJson } from '../../../engine/value/json.ts';
import type { Value } from '../../../engine/value/value.ts';
import {
  type AnswerContext,
  answerDocument,
  type DocumentQuestion,
  evaluateDocument,
} from '../answer-document.ts';
import { addRoute, type Exchange } from '../exchange.ts';
import { ServeFault } from '../fault.ts';
import { decideLogged } from '../logged-decision.ts';
import {
  type DocumentPath,
  documentName,
  isAsked,
  readDocumentPath,
  readParameters,
} from '../parameters.ts';
import { contextOf, type ServePorts } from '../ports.ts';
import { readDocument, readMembers } from '../request-body.ts';

const V1 = '/v1/data';
const V0 = '/v0/data';

export function registerDataRoutes(app: FastifyInstance, ports: ServePorts): void {
  for (const url of [V1, `${V1}/*`]) {
    addRoute(app, ports, {
      method: 'GET',
      url,
      handler: 'v1/data',
      answer: (exchange) => {
        const text = exchange.query.getAll('input').at(-1);
        const input = text === undefined ? undefined : readParameter(text);
        return answerV1(ports, exchange, input, false);
      },
    });
    addRoute(app, ports, {
      method: 'POST',
      url,
      handler: 'v1/data',
      answer: async (exchange) => {
        const input = readMembers(await exchange.text(), 'body').get('input') ?? undefined;
        return answerV1(ports, exchange, input, input === undefined);
      },
    });
  }
  for (const url of [V0, `${V0}/*`]) {
    addRoute(app, ports, {
      method: 'POST',
      url,
      handler: 'v0/data',
      answer: (exchange) => answerV0(ports, exchange, readDocumentPath(exchange.path, V0)),
    });
  }
  addRoute(app, ports, {
    method: 'POST',
    url: '/',
    handler: 'index',
    answer: (exchange) => answerV0(ports, exchange, ports.defaultDecision),
  });
}

function readParameter(text: string): Value {
  const input = readDocument(text, 'parameter');
  if (input !== undefined) return input;
  throw new ServeFault(
    400,
    'invalid_parameter',
    'parameter contains malformed input document: it is empty',
  );
}

/** The set is taken here, after the request was read, and answers to the end. */
function answerV1(
  ports: ServePorts,
  exchange: Exchange,
  input: Value | undefined,
  warns: boolean,
): FastifyReply {
  const context = contextOf(ports);
  const parameters = readParameters(exchange.query);
  const question: DocumentQuestion = { path: readDocumentPath(exchange.path, V1), input };
  const times = { startedNs: exchange.startedNs, parsedNs: process.hrtime.bigint() };
  const { text } = decideLogged(ports, context, question, (decisionId) =>
    answerDocument(context, question, parameters, times, { decisionId, warns }),
  );
  return exchange.send(text, parameters.pretty);
}

/** The whole body is the input, and the answer is the bare value. */
async function answerV0(
  ports: ServePorts,
  exchange: Exchange,
  path: DocumentPath,
): Promise<FastifyReply> {
  const input = readV0(await exchange.text());
  const context = contextOf(ports);
  const question: DocumentQuestion = { path, input };
  const { result } = decideLogged(ports, context, question, () => ({
    result: evaluateDocument(context, question, false),
  }));
  if (result === undefined) throw undefinedDocument(context, path);
  return exchange.send(writeJson(result), isAsked(exchange.query, 'pretty'));
}

function readV0(text: string): Value {
  try {
    return readDocument(text, 'body') ?? null;
  } catch (cause) {
    if (!(cause instanceof ServeFault)) throw cause;
    const message = `unexpected parse error for input: ${cause.message}`;
    throw new ServeFault(cause.status, cause.code, message);
  }
}

function undefinedDocument({ policySet }: AnswerContext, path: DocumentPath): ServeFault {
  const node = nodeAt(policySet.tree, path.map(String));
  const hasRules = node !== undefined && node.kind !== 'branch';
  const what = hasRules ? 'document undefined' : 'document missing';
  return new ServeFault(404, 'undefined_document', `${what}: ${documentName(path)}`);
}
