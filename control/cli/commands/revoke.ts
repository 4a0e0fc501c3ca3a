/**
 * `sallyport revoke`: take back an approval; sessions that acted under it end.
 */
import type { Command } from 'commander';
import { registerAnswer } from '../answer-request.ts';

export function register(program: Command): void {
  registerAnswer(program, 'revoke', 'take back an approval; sessions that acted under it end');
}
