/**
 * `sallyport decide`: what the policies decide about one action, without a gateway or a target. The action is described by the
 * same code that describes it in the data plane.
 */
import type { Command } from 'commander';
import type { Decision } from '../../../engine/contract/decision.ts';
import type { ActionInput } from '../../../engine/contract/input.ts';
import { createDecider } from '../../../engine/decide.ts';
import {
  addRequestOptions,
  decidesOnce,
  type RequestOptions,
  readRequest,
} from '../decision-request.ts';
import { decisionText } from '../decision-text.ts';
import { EXIT } from '../exit-codes.ts';
import { harmless, printJson } from '../print.ts';

export function register(program: Command): void {
  const command = program
    .command('decide')
    .description(
      'show what the policies decide about one action; exit code 0 allowed, 1 blocked or held',
    );
  addRequestOptions(command).action(async (options: RequestOptions) => {
    const { policySet, policies, input } = await readRequest(options);
    const decision = createDecider(policySet, decidesOnce).decide(policies, input);
    if (options.format === 'json') printJson({ decision, input });
    else printDecision(decision, input.action);
    process.exitCode = decision.effect === 'allow' ? EXIT.ok : EXIT.findings;
  });
}

/** Effect, reasons, approvals, masks and the revision, each with its rule. */
export function printDecision(decision: Decision, action: ActionInput): void {
  console.log(harmless(decisionText(decision, action)));
}
