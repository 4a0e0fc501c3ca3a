/** Makes functions of generated code: the only place in the engine that does. */
import { objectOf } from '../interpret/term-facts.ts';
import { canonicalKey } from '../value/compare.ts';
import { ObjectBuilder } from '../value/object.ts';
import { RegoSet, SetBuilder } from '../value/set.ts';
import type { CodeWriter } from './code-writer.ts';
import * as access from './runtime-access.ts';
import * as calls from './runtime-calls.ts';
import * as rules from './runtime-rules.ts';
import { type CompiledWorld, NO_VALUE } from './world.ts';

/** What a function remembers its result by. */
function memoKey(w: CompiledWorld, args: readonly unknown[]): string {
  return canonicalKey(args.map((arg) => access.box(w, arg)));
}

const RUNTIME = {
  ...access,
  ...calls,
  ...rules,
  objectOf,
  ObjectBuilder,
  SetBuilder,
  RegoSet,
  NO_VALUE,
  memoKey,
};

/** Runs generated code, which hands back its functions; `program` is what a query calls. */
export function runGenerated(code: CodeWriter, program?: unknown): unknown {
  const names = Object.keys(RUNTIME).join(', ');
  const source = `"use strict";\nconst { ${names} } = R;\n${code.lines.join('\n')}\n`;
  const make = new Function('R', 'K', 'P', source);
  return make(RUNTIME, code.constants, program);
}
