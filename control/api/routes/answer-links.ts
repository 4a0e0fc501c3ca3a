/**
 * The page behind a signed link, and its answer. A GET shows and never answers, whoever follows it: programs that scan mail open every
 * link. The token is in no header that is sent on, in no redirect and in no log.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { isRefusal, type Refusal } from '../../../proxy/gate/refusal.ts';
import { MAX_NOTE_LENGTH } from '../../approvals/desk-contract.ts';
import { toMessage } from '../../approvals/message.ts';
import { answeredPage, answerPage, refusedPage } from '../pages/answer-page.ts';
import { PAGE_HEADERS } from '../pages/layout.ts';
import type { ApiPorts } from '../ports.ts';
import { problemOf } from '../problem.ts';

const MAX_TOKEN = 2_048;
/** Sites other than this one that a browser names as the origin of a form. */
const FOREIGN_SITES: ReadonlySet<string> = new Set(['cross-site', 'same-site']);

const QuerySchema = Type.Object({ link: Type.String({ maxLength: MAX_TOKEN }) });
const FormSchema = Type.Object(
  {
    link: Type.String({ maxLength: MAX_TOKEN }),
    answer: Type.Union([Type.Literal('approve'), Type.Literal('deny')]),
    note: Type.Optional(Type.String({ maxLength: MAX_NOTE_LENGTH })),
  },
  { additionalProperties: false },
);

export function registerAnswerLinkRoutes(app: FastifyInstance, { notices }: ApiPorts): void {
  if (notices === undefined) return;
  const { links } = notices;

  app.get<{ Querystring: Static<typeof QuerySchema> }>(
    '/answer',
    {
      schema: { summary: 'The page of a signed link; it never answers', querystring: QuerySchema },
    },
    async (request, reply) => {
      const token = request.query.link;
      const opened = await links.open(token);
      if (isRefusal(opened)) return refused(reply, opened);
      const holder = opened.person.name;
      const approval = toMessage(opened.approval);
      return reply.headers(PAGE_HEADERS).send(answerPage({ approval, holder, token }));
    },
  );

  app.post<{ Body: Static<typeof FormSchema> }>(
    '/answer',
    {
      schema: {
        summary: 'Answer by a signed link, once',
        consumes: ['application/x-www-form-urlencoded'],
        body: FormSchema,
      },
    },
    async (request, reply) => {
      // Whoever knows the token needs no page of ours; this is for browsers that say where a form came from.
      if (FOREIGN_SITES.has(String(request.headers['sec-fetch-site'])))
        return reply
          .code(403)
          .headers(PAGE_HEADERS)
          .send(refusedPage('an answer comes from the page of the link', undefined));
      const { link, answer, note = '' } = request.body;
      const said = note.trim();
      const answered = await links.answer(link, answer, said === '' ? undefined : said);
      if (isRefusal(answered)) return refused(reply, answered);
      return reply.headers(PAGE_HEADERS).send(answeredPage(toMessage(answered.approval)));
    },
  );
}

function refused(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { problem } = problemOf(refusal);
  // 401 would ask a browser for a password.
  const status = problem.status === 401 ? 403 : problem.status;
  return reply.code(status).headers(PAGE_HEADERS).send(refusedPage(refusal.message, refusal.hint));
}
