/**
 * `PUT`, `PATCH` and `DELETE /v1/data/PATH`: changes to the data, whole or not at all, for bearers of the token for that. The next
 * request is answered by the changed data; those under way end with what they began with. They live until the data files change or
 * the server ends. Follows OPA's REST API, data API; `application/merge-patch+json` is RFC 7396.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { DataPatch, PatchFault } from '../../../engine/data-patches.ts';
import { isArray, isObject } from '../../../engine/value/compare.ts';
import type { Value } from '../../../engine/value/value.ts';
import { evaluateBase } from '../base-data.ts';
import { addRoute, type Exchange } from '../exchange.ts';
import { ServeFault } from '../fault.ts';
import { readDocumentPath } from '../parameters.ts';
import type { ServePorts } from '../ports.ts';
import { readDocument } from '../request-body.ts';

const PREFIX = '/v1/data';
/** Operations of one request. */
const MAX_OPERATIONS = 1_000;
const MERGE_PATCH = /^application\/merge-patch\+json(?:\s*;|$)/i;

export function registerChangeRoutes(app: FastifyInstance, ports: ServePorts): void {
  const answers = {
    PUT: async (exchange: Exchange) => {
      const path = pathOf(exchange);
      const value = needed(await exchange.text());
      const isNew = exchange.request.headers['if-none-match'] === '*';
      if (isNew && evaluateBase(ports.policies.policySet, path) !== undefined) {
        return exchange.sendNothing(304);
      }
      return change(ports, exchange, [{ op: 'put', path, value }]);
    },
    PATCH: async (exchange: Exchange) => {
      const path = pathOf(exchange);
      const value = needed(await exchange.text());
      const isMerge = MERGE_PATCH.test(exchange.request.headers['content-type'] ?? '');
      return change(ports, exchange, isMerge ? [{ op: 'merge', path, value }] : list(value, path));
    },
    DELETE: (exchange: Exchange) =>
      change(ports, exchange, [{ op: 'remove', path: pathOf(exchange) }]),
  };
  for (const [method, answer] of Object.entries(answers))
    for (const url of method === 'DELETE' ? [`${PREFIX}/*`] : [PREFIX, `${PREFIX}/*`])
      addRoute(app, ports, {
        method,
        url,
        handler: 'v1/data',
        answer: (exchange) => {
          ports.access.assertChanges(exchange.token);
          return answer(exchange);
        },
      });
}

function change(
  ports: ServePorts,
  exchange: Exchange,
  patches: readonly DataPatch[],
): FastifyReply {
  const fault = ports.policies.change(patches);
  if (fault !== undefined) throw changeFault(fault);
  ports.metrics.changed();
  return exchange.sendNothing(204);
}

function changeFault({ kind, path, message }: PatchFault): ServeFault {
  const where = `/${path.join('/')} ${message}`;
  if (kind === 'not-found') return new ServeFault(404, 'resource_not_found', where);
  if (kind === 'conflict') return new ServeFault(404, 'resource_conflict', where);
  return new ServeFault(400, 'invalid_parameter', path.length === 0 ? message : where);
}

function pathOf(exchange: Exchange): readonly string[] {
  return readDocumentPath(exchange.path, PREFIX).map(String);
}

function needed(text: string): Value {
  const value = readDocument(text, 'request');
  if (value !== undefined) return value;
  throw new ServeFault(400, 'invalid_parameter', 'the body is empty');
}

/** JSON Patch: `[{"op": "add", "path": "/a/b", "value": 1}]`, paths below that of the request. */
function list(value: Value, path: readonly string[]): readonly DataPatch[] {
  if (!isArray(value)) throw malformed('a patch is a list of operations');
  if (value.length > MAX_OPERATIONS)
    throw malformed(`a patch has at most ${MAX_OPERATIONS} operations`);
  return value.map((operation) => readOperation(operation, path));
}

function readOperation(operation: Value, above: readonly string[]): DataPatch {
  if (!isObject(operation)) throw malformed('an operation is an object');
  const [op, pointer] = [operation.get('op'), operation.get('path')];
  if (typeof pointer !== 'string') throw malformed('an operation has a `path`');
  const path = [...above, ...readPointer(pointer)];
  if (op === 'remove') return { op, path };
  if (op !== 'add' && op !== 'replace') {
    throw malformed(`bad patch operation: ${typeof op === 'string' ? op : 'none'}`);
  }
  // OPA takes an operation without a value as one with null; a value that was forgotten must not erase anything here.
  const value = operation.get('value');
  if (value === undefined) throw malformed('an operation that is not `remove` has a `value`');
  return { op, path, value };
}

/** RFC 6901; the first slash may be left out, as OPA has it. */
function readPointer(pointer: string): readonly string[] {
  const names = pointer.replace(/^\//, '');
  if (names === '') return [];
  return names.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function malformed(message: string): ServeFault {
  return new ServeFault(400, 'invalid_parameter', message);
}
