/**
 * `sallyport withdraw`: take back a request of your own.
 */
import type { Command } from 'commander';
import { registerAnswer } from '../answer-request.ts';

export function register(program: Command): void {
  registerAnswer(program, 'withdraw', 'take back a request of your own');
}
