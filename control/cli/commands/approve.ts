/**
 * `sallyport approve`: a yes, given with the approver's own token through the API of the running gateway.
 */
import type { Command } from 'commander';
import { registerAnswer } from '../answer-request.ts';

export function register(program: Command): void {
  registerAnswer(program, 'approve', 'say yes to a request; it is for exactly what is printed');
}
