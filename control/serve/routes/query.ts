/**
 * `GET` and `POST /v1/query`: all solutions of a query. A query is text of the client, so it runs in the interpreter: no code is made of
 * what a client sends. Follows OPA's REST API, query API; an expression that is false has no solution here.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Binding, evaluateQuery } from '../../../engine/evaluate.ts';
import type { PolicySet } from '../../../engine/policy-set.ts';
import { type PreparedQuery, prepareQuery } from '../../../engine/prepare-query.ts';
import { quoteJson, writeJson } from '../../../engine/value/json.ts';
import type { Value } from '../../../engine/value/value.ts';
import { addRoute, type Exchange } from '../exchange.ts';
import { evaluationFault, queryFault, ServeFault } from '../fault.ts';
import { objectText } from '../json-text.ts';
import { isAsked } from '../parameters.ts';
import { contextOf, type ServePorts } from '../ports.ts';
import { readMembers } from '../request-body.ts';

/** Characters of a query. */
const MAX_QUERY_LENGTH = 10_000;

export function registerQueryRoutes(app: FastifyInstance, ports: ServePorts): void {
  addRoute(app, ports, {
    method: 'GET',
    url: '/v1/query',
    handler: 'v1/query',
    answer: (exchange) => {
      const text = exchange.query.getAll('q').at(-1);
      if (text === undefined) {
        throw new ServeFault(400, 'invalid_parameter', "missing parameter 'q'");
      }
      return answerQuery(ports, exchange, text, undefined);
    },
  });
  addRoute(app, ports, {
    method: 'POST',
    url: '/v1/query',
    handler: 'v1/query',
    answer: async (exchange) => {
      const members = readMembers(await exchange.text(), 'request');
      const query = members.get('query');
      if (typeof query !== 'string') {
        throw new ServeFault(400, 'invalid_parameter', '`query` must be a text');
      }
      return answerQuery(ports, exchange, query, members.get('input'));
    },
  });
}

function answerQuery(
  ports: ServePorts,
  exchange: Exchange,
  text: string,
  input: Value | undefined,
): FastifyReply {
  const { policySet, limits, nowMs } = contextOf(ports);
  const evaluation = evaluateQuery(policySet, prepare(policySet, text), {
    ...(input === undefined ? {} : { input }),
    limits,
    nowNs: BigInt(nowMs()) * 1_000_000n,
  });
  if (!evaluation.ok) throw evaluationFault(evaluation.error);
  const solutions = evaluation.result;
  const result = solutions.length === 0 ? undefined : `[${solutions.map(solutionText).join(',')}]`;
  return exchange.send(objectText({ result }), isAsked(exchange.query, 'pretty'));
}

function prepare(policySet: PolicySet, text: string): PreparedQuery {
  if (text.length > MAX_QUERY_LENGTH) {
    const message = `a query has at most ${MAX_QUERY_LENGTH} characters`;
    throw new ServeFault(400, 'invalid_parameter', message);
  }
  const { query, diagnostics } = prepareQuery(policySet, text);
  if (query === undefined) throw queryFault(diagnostics);
  return query;
}

function solutionText(binding: Binding): string {
  const members = Object.entries(binding).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, value]) => `${quoteJson(name)}:${writeJson(value)}`).join(',')}}`;
}
