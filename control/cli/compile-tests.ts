/**
 * Policies with their tests, compiled for a run: what is mocked in tests may be called, and scenario builtins are there.
 */
import { compilePolicies, type PolicySet } from '../../engine/policy-set.ts';
import { ControlError } from '../error.ts';
import { renderAll } from '../policies/compile.ts';
import type { PolicyFiles } from '../policies/read-files.ts';
import { createScenarioBuiltins } from './scenario-builtins.ts';

export interface CompiledTests {
  readonly policySet: PolicySet;
  close(): Promise<void>;
}

/** Ready to run. Throws `policy/invalid` when the files do not compile. */
export async function compileTests(files: PolicyFiles): Promise<CompiledTests> {
  const scenario = createScenarioBuiltins();
  try {
    const { policySet, diagnostics } = compilePolicies(
      { policies: [...files.policies, ...files.tests], data: files.data },
      { allowMocked: true, inputSchema: 'contract', builtins: scenario.builtins },
    );
    if (policySet === undefined) {
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      throw new ControlError('policy/invalid', 'the policies and their tests do not compile', {
        details: renderAll(errors),
      });
    }
    if (usesScenarios(files)) await scenario.prepare();
    return { policySet, close: () => scenario.close() };
  } catch (error) {
    await scenario.close();
    throw error;
  }
}

/** Loading the SQL grammar takes longer than most test runs. */
function usesScenarios(files: PolicyFiles): boolean {
  return [...files.policies, ...files.tests].some(({ text }) => text.includes('sallyport.action.'));
}
