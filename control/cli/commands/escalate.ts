/**
 * `sallyport escalate`: ask the escalation groups too, when nobody answers a request.
 */
import type { Command } from 'commander';
import { registerAnswer } from '../answer-request.ts';

export function register(program: Command): void {
  registerAnswer(program, 'escalate', 'put a request before the people named for that');
}
