#!/usr/bin/env -S node --max-semi-space-size=16
/**
 * The `sallyport` command. It loads only the command that was asked for, so that `--help` costs little, and turns every outcome
 * into one of four exit codes. It does nothing itself.
 */

/** The first major version of Node with all that is used. An older one cannot even load the rest. */
const MIN_NODE = 24;
const COULD_NOT = 3;

if (Number.parseInt(process.versions.node, 10) < MIN_NODE) {
  console.error(
    `error[internal/old-node]: this is Node ${process.versions.node}, and sallyport needs ${MIN_NODE} or later`,
  );
  process.exit(COULD_NOT);
}
const { keepCode } = await import('./code-cache.ts');
keepCode(process.env);
// `npm run sallyport` moves to the project's root; paths mean what they mean where it was typed.
const typedIn = process.env['INIT_CWD'];
if (process.env['npm_lifecycle_event'] === 'sallyport' && typedIn !== undefined)
  process.chdir(typedIn);
const { runCli } = await import('./run.ts');
process.exitCode = await runCli(process.argv.slice(2));
