/** `/v1/compile`: partial evaluation for other engines, which this server does not offer. Says so rather than giving half an answer. */
import type { FastifyInstance } from 'fastify';
import { addRoute } from '../exchange.ts';
import { ServeFault } from '../fault.ts';
import type { ServePorts } from '../ports.ts';

export function registerCompileRoutes(app: FastifyInstance, ports: ServePorts): void {
  for (const url of ['/v1/compile', '/v1/compile/*'])
    addRoute(app, ports, {
      method: ['GET', 'POST'],
      url,
      handler: 'v1/compile',
      answer: () => {
        throw new ServeFault(501, 'invalid_operation', 'this server does not compile queries', [
          {
            code: 'serve/compile-unsupported',
            message:
              'ask POST /v1/data/PATH with the whole input, or use OPA to translate policies',
          },
        ]);
      },
    });
}
