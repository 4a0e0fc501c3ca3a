/**
 * `sallyport deny`: a no, which ends the request at once.
 */
import type { Command } from 'commander';
import { registerAnswer } from '../answer-request.ts';

export function register(program: Command): void {
  registerAnswer(program, 'deny', 'say no to a request, which ends it');
}
