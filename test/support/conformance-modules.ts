/**
 * The modules of OPA's own evaluation cases, where the file with them lies beside the project.
 */
import { existsSync, readFileSync } from 'node:fs';

const CASES = new URL('../../../shared/conformance/rego-cases.jsonl', import.meta.url);

/** One module text with the case it is from. */
export interface ConformanceModule {
  readonly name: string;
  readonly text: string;
}

/** Every module, or undefined where the file is absent, which is said aloud. */
export function readConformanceModules(): readonly ConformanceModule[] | undefined {
  if (!existsSync(CASES)) {
    console.log('SKIP: the modules of the conformance cases, which are not beside the project');
    return undefined;
  }
  return readFileSync(CASES, 'utf8').trim().split('\n').flatMap(readModules);
}

function readModules(line: string): readonly ConformanceModule[] {
  const parsed: { readonly id: string; readonly modules?: readonly string[] } = JSON.parse(line);
  return (parsed.modules ?? []).map((text, at) => ({ name: `${parsed.id}/${at}`, text }));
}
