/** The line that generated code begins with, wherever it runs: what it calls, and the constants it uses, by name. */
import type { CodeWriter } from './code-writer.ts';
import { RUNTIME } from './runtime.ts';

/** Constants beyond these stay in their list: variables without bound would exhaust the stack of who reads the code. */
const MAX_NAMED = 4_096;

/** Reads `R`, what the code calls, and `K`, its constants: one in a variable is known when code is optimised, one in a list is read each time. */
export function codePrelude({ constants }: Pick<CodeWriter, 'constants'>): string {
  const called = `const { ${Object.keys(RUNTIME).join(', ')} } = R;`;
  const named = constants.slice(0, MAX_NAMED).map((_, at) => `${constantName(at)} = K[${at}]`);
  return named.length === 0 ? called : `${called} const ${named.join(', ')};`;
}

/** How code names a constant by its number. */
export function constantName(at: number): string {
  return at < MAX_NAMED ? `K${at}` : `K[${at}]`;
}
