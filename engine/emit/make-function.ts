/** Makes functions of generated code: the only place in the engine that does. */
import { createHash } from 'node:crypto';
import { codePrelude } from './code-prelude.ts';
import type { CodeWriter } from './code-writer.ts';
import { RUNTIME } from './runtime.ts';
import { inlineSourceMap, sourceMapOf } from './source-map.ts';

/** Runs generated code, which hands back its functions; `program` is what a query calls. */
export function runGenerated(code: CodeWriter, program?: unknown): unknown {
  const source = `"use strict";\n${codePrelude(code)}\n${code.lines.join('\n')}\n${mapComment(code)}`;
  const make = new Function('R', 'K', 'P', source);
  return make(RUNTIME, code.constants, program);
}

/** Lines that stand before those of the writer: two of the function's head, then those of the source's own. */
const LINES_BEFORE = 4;

/** Only where the process was started with `--enable-source-maps`: a map holds the text of the policies. */
function mapComment(code: CodeWriter): string {
  if (process.sourceMapsEnabled !== true) return '';
  const map = sourceMapOf('policy.js', code.sites, LINES_BEFORE);
  // What has the same name would share one map.
  const digest = createHash('sha256').update(map.mappings).update(map.sourcesContent.join('\0'));
  const name = `policy-${digest.digest('hex').slice(0, 16)}.js`;
  return inlineSourceMap(name, { ...map, file: name });
}
