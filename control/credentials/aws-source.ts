/**
 * `${aws-secret:id#field}`: the current version of a secret of AWS Secrets Manager, by its JSON API (`GetSecretValue`), signed with
 * Signature Version 4. A secret that is a JSON object has fields; any other is one text.
 */
import aws4 from 'aws4';
import type { Secret } from '../config/secret.ts';
import type { SendJson } from './json-request.ts';
import { type FetchedSecret, SecretFault, type SecretSource, textFields } from './secret-source.ts';
import { valueAt } from './vault-login.ts';

export interface AwsOptions {
  readonly region: string;
  /** Instead of `https://secretsmanager.REGION.amazonaws.com`: a VPC endpoint, or a stand-in. */
  readonly endpoint: string | undefined;
  readonly credentials: AwsCredentials;
  readonly send: SendJson;
}

export interface AwsCredentials {
  readonly accessKeyId: Secret;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | undefined;
}

const TARGET = 'secretsmanager.GetSecretValue';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
/** The name of a fault, without its namespace. */
const FAULT = /(?:^|#)([A-Za-z]{1,64})$/;

export function createAwsSource(options: AwsOptions): SecretSource {
  const { region, credentials, send } = options;
  const url = new URL(options.endpoint ?? `https://secretsmanager.${region}.amazonaws.com`);
  return {
    async fetch(id): Promise<FetchedSecret> {
      const body = JSON.stringify({ SecretId: id });
      const signed = aws4.sign(
        {
          method: 'POST',
          host: url.host,
          path: '/',
          service: 'secretsmanager',
          region,
          headers: { 'Content-Type': CONTENT_TYPE, 'X-Amz-Target': TARGET },
          body,
        },
        {
          accessKeyId: credentials.accessKeyId.reveal(),
          secretAccessKey: credentials.secretAccessKey.reveal(),
          ...(credentials.sessionToken === undefined
            ? {}
            : { sessionToken: credentials.sessionToken.reveal() }),
        },
      );
      const headers = Object.fromEntries(
        Object.entries(signed.headers ?? {}).map(([name, value]) => [name, String(value)]),
      );
      const answer = await send({ method: 'POST', url: `${url.origin}/`, headers, body });
      if (answer.status !== 200) throw new SecretFault(explain(answer.status, answer.body));
      const whole = textOf(answer.body);
      if (whole === undefined || whole === '')
        throw new SecretFault('AWS Secrets Manager gives nothing there');
      return { whole, fields: textFields(parse(whole)) ?? {} };
    },
  };
}

function textOf(body: unknown): string | undefined {
  const text = valueAt(body, 'SecretString');
  if (typeof text === 'string') return text;
  const binary = valueAt(body, 'SecretBinary');
  return typeof binary === 'string' ? Buffer.from(binary, 'base64').toString('utf8') : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(status: number, body: unknown): string {
  const type = valueAt(body, '__type');
  const [, fault] = FAULT.exec(typeof type === 'string' ? type : '') ?? [];
  return fault === undefined
    ? `AWS Secrets Manager answers ${status}`
    : `AWS Secrets Manager refuses: ${fault} (${status})`;
}
