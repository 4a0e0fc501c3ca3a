/**
 * Where Slack sends what people press. The body is kept as it came, because the signature is over its bytes; everything else is
 * decided in notify/slack-answers.ts.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal } from '../../../proxy/gate/refusal.ts';
import { FORM_TYPE } from '../form-body.ts';
import type { ApiPorts } from '../ports.ts';
import { problemOf } from '../problem.ts';

/** Bytes: Slack sends the whole message back with what was pressed. */
const MAX_BODY_BYTES = 256 * 1024;
const ParamsSchema = Type.Object({ channel: Type.String({ maxLength: 63 }) });

export function registerSlackRoutes(app: FastifyInstance, { notices }: ApiPorts): void {
  if (notices === undefined) return;
  const { slack } = notices;
  app.register((scope, _options, registered) => {
    scope.removeContentTypeParser(FORM_TYPE);
    scope.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    scope.post<{ Params: Static<typeof ParamsSchema> }>(
      '/slack/:channel/answers',
      {
        bodyLimit: MAX_BODY_BYTES,
        schema: {
          summary: 'Answers by buttons at Slack; the request URL of the app',
          consumes: [FORM_TYPE],
          params: ParamsSchema,
          response: { 200: Type.Object({}), '4XX': { $ref: 'Problem#' } },
        },
      },
      async (request) => {
        const header = (name: string): string | undefined => {
          const value = request.headers[name];
          return typeof value === 'string' ? value : undefined;
        };
        const outcome = await slack.answer({
          channel: request.params.channel,
          signature: header('x-slack-signature'),
          timestamp: header('x-slack-request-timestamp'),
          body: typeof request.body === 'string' ? request.body : '',
        });
        if (isRefusal(outcome)) throw problemOf(outcome);
        return {};
      },
    );
    registered();
  });
}
