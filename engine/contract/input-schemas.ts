/** The JSON Schemas of the input document, one per action kind, as they lie beside this file. */
import api from './input.api.schema.json' with { type: 'json' };
import aws from './input.aws.schema.json' with { type: 'json' };
import common from './input.common.schema.json' with { type: 'json' };
import http from './input.http.schema.json' with { type: 'json' };
import kubernetes from './input.kubernetes.schema.json' with { type: 'json' };
import mcp from './input.mcp.schema.json' with { type: 'json' };
import shell from './input.shell.schema.json' with { type: 'json' };
import sql from './input.sql.schema.json' with { type: 'json' };
import ssh from './input.ssh.schema.json' with { type: 'json' };
import type { ActionKind } from './input.ts';

/** The schema of the input document of each action kind; they refer to `input.common.schema.json`. */
export const INPUT_SCHEMAS = {
  api,
  aws,
  http,
  kubernetes,
  mcp,
  shell,
  sql,
  ssh,
} as const satisfies Readonly<Record<ActionKind, object>>;

/** The definitions the schemas share. */
export const COMMON_SCHEMA = common;
