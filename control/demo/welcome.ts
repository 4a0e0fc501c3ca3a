/** What a newcomer reads when the demo has started: where everything is, and what to type next. */
import { writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Demo } from './demo.ts';

/** Writes each identity's token beside the configuration, and returns the lines to print. */
export function welcome(demo: Demo): readonly string[] {
  const { endpoints, database } = demo;
  const folder = dirname(endpoints.configFile);
  const tokenFile = (actor: string): string => relative('', join(folder, `${actor}.token`));
  for (const [actor, token] of Object.entries(endpoints.tokens))
    writeFileSync(tokenFile(actor), token, { mode: 0o600 });
  const config = relative('', endpoints.configFile);
  const { postgres, http } = endpoints;
  const psql = (actor: string): string =>
    `PGPASSWORD=$(cat ${tokenFile(actor)}) psql -h ${postgres.host} -p ${postgres.port} -U ${actor} shop`;
  return [
    '',
    `The gateway is running. Behind it: ${database.embedded ? 'an embedded PostgreSQL' : 'your PostgreSQL'} and an HTTP service.`,
    'Three identities have a token: ada (an engineer), agent (an AI agent that acts for ada), dora (a DBA).',
    '',
    'See it all at work, in another terminal:',
    '  npm run tour',
    '',
    'Or type it yourself:',
    `  ${psql('ada')} -c 'select name, ssn from customers'`,
    `  ${psql('agent')} -c 'drop table customers'`,
    `  curl -H "Authorization: Bearer $(cat ${tokenFile('ada')})" -H 'Host: shop-api.localhost' http://${http.host}:${http.port}/customers/1`,
    '',
    'A change waits for the DBA, who answers in another terminal:',
    `  ${psql('ada')} -c "update customers set city = 'Porto' where id = 1"`,
    `  export SALLYPORT_CONFIG=${config} SALLYPORT_TOKEN=$(cat ${tokenFile('dora')})`,
    '  npm run -s sallyport -- approvals',
    '  npm run -s sallyport -- approve ID',
    '',
    ...signInLines(demo.provider, config),
    'Then look at the record:',
    '  npm run -s sallyport -- sessions',
    '  npm run -s sallyport -- verify',
    '',
    'Ctrl-C stops everything; the next start keeps the data.',
  ];
}

function signInLines(provider: string | undefined, config: string): readonly string[] {
  return provider === undefined
    ? []
    : [
        `Or sign in at ${provider}, as ada or dora, and need no token:`,
        `  npm run -s sallyport -- login --config ${config}`,
        `  npm run -s sallyport -- whoami --config ${config}`,
        '',
      ];
}
