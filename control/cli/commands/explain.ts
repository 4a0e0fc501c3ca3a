/**
 * `sallyport explain`: why the policies decide about one action as they do: the rules that made the decision, and for each other rule
 * the first expression that failed, with its values and what would have to be true.
 */
import type { Command } from 'commander';
import { explainDecision } from '../../../engine/trace/explain-decision.ts';
import { explanationText } from '../../../engine/trace/explanation-text.ts';
import {
  addRequestOptions,
  decidesOnce,
  type RequestOptions,
  readRequest,
} from '../decision-request.ts';
import { EXIT } from '../exit-codes.ts';
import { harmless, printJson } from '../print.ts';
import { printDecision } from './decide.ts';

/** Definitions of one document that are told at most. */
const MOST_TOLD = 10_000;

export function register(program: Command): void {
  const command = program
    .command('explain')
    .description(
      'show why one action is allowed, blocked or held; exit code 0 allowed, 1 blocked or held',
    );
  command.option('--all', 'tell every rule, not only those that hold and the first twelve');
  addRequestOptions(command).action(async (options: RequestOptions & { readonly all?: true }) => {
    const { policySet, policies, input } = await readRequest(options);
    const most = options.all === true ? { ...decidesOnce, most: MOST_TOLD } : decidesOnce;
    const explanation = explainDecision(policySet, policies, input, most);
    const { decision } = explanation;
    if (options.format === 'json') printJson({ ...explanation, input });
    else {
      printDecision(decision, input.action);
      console.log(harmless(`\n${explanationText(explanation)}`));
    }
    process.exitCode = decision.effect === 'allow' ? EXIT.ok : EXIT.findings;
  });
}
