#!/usr/bin/env node
/**
 * The `sallyport` command. It loads only the command that was asked for, so that `--help` costs little, and turns every outcome
 * into one of four exit codes. It does nothing itself.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
// `npm run sallyport` moves to the project's root; paths mean what they mean where it was typed.
const typedIn = process.env['INIT_CWD'];
if (process.env['npm_lifecycle_event'] === 'sallyport' && typedIn !== undefined)
  process.chdir(typedIn);
const { runCli } = await import('./run.ts');
process.exitCode = await runCli(process.argv.slice(2));
