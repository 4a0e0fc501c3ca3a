/**
 * What `sallyport check` finds in files. It loads the whole compiler: what has an answer already must not import it.
 */
import { compilePolicies } from '../../engine/policy-set.ts';
import type { Diagnostic } from '../../lang/diagnostic.ts';
import type { JsonSchema } from '../../lang/types/schema.ts';
import type { PolicyFiles } from '../policies/read-files.ts';
import { createScenarioBuiltins } from './scenario-builtins.ts';

/** Diagnostics of all files, tests included, against the input contract and the schemas that METADATA names. */
export function checkFiles(
  files: PolicyFiles,
  schemas?: Readonly<Record<string, JsonSchema>>,
): readonly Diagnostic[] {
  return compilePolicies(
    { policies: [...files.policies, ...files.tests], data: files.data },
    {
      allowMocked: true,
      inputSchema: 'contract',
      builtins: createScenarioBuiltins().builtins,
      ...(schemas === undefined ? {} : { schemas }),
    },
  ).diagnostics;
}
