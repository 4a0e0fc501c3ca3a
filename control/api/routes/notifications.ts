/**
 * Notices that could not be delivered: listed and tried again, by admins.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import type { DeadLetter } from '../../store/notices/dead-letter-store.ts';
import { admit } from '../access.ts';
import type { ApiPorts } from '../ports.ts';
import { problemOf } from '../problem.ts';

/** Letters in one list. */
const MAX_LISTED = 200;

const ParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const DeadLetterSchema = Type.Object({
  id: Type.String(),
  channel: Type.String(),
  event: Type.String(),
  approval: Type.String(),
  recipient: Type.Optional(Type.String()),
  attempts: Type.Integer(),
  error: Type.String(),
  at: Type.String(),
});

/** A dead letter as the API tells it. */
export type DeadLetterMessage = Static<typeof DeadLetterSchema>;

export function registerNotificationRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const { notices } = ports;
  if (notices === undefined) return;
  const { notifier } = notices;
  const security = [{ bearer: [] }];
  const problems = { '4XX': { $ref: 'Problem#' } };

  app.get(
    '/v1/notifications',
    {
      schema: {
        summary: 'Notices that were not delivered, newest first, and how many are on their way',
        security,
        response: {
          200: Type.Object({
            waiting: Type.Integer(),
            dead_letters: Type.Array(DeadLetterSchema),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      await admit(request, ports);
      const letters = await notifier.listDeadLetters(MAX_LISTED);
      return { waiting: notifier.waiting, dead_letters: letters.map(toMessage) };
    },
  );
  app.post<{ Params: Static<typeof ParamsSchema> }>(
    '/v1/notifications/:id/retry',
    {
      schema: {
        summary: 'Write a notice anew and try it again',
        security,
        params: ParamsSchema,
        response: { 200: DeadLetterSchema, ...problems },
      },
    },
    async (request) => {
      await admit(request, ports);
      const letter = await notifier.retry(request.params.id);
      if (isRefusal(letter)) throw problemOf(letter);
      return toMessage(letter);
    },
  );
}

function toMessage({ recipient, atMs, ...letter }: DeadLetter): DeadLetterMessage {
  return {
    ...letter,
    ...(recipient === undefined ? {} : { recipient }),
    at: new Date(atMs).toISOString(),
  };
}
