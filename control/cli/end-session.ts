/**
 * `sallyport sessions end`: ends one live session at the gateway, with the caller's own token.
 */
import type { Command } from 'commander';
import { type ApiClientOptions, connectApi } from './api-client.ts';
import { addCallerOptions } from './options.ts';

interface EndOptions extends ApiClientOptions {
  readonly reason?: string;
}

/** Adds `end` below `sessions`. */
export function registerSessionEnd(sessions: Command): void {
  addCallerOptions(
    sessions
      .command('end')
      .description('end a live session at once: yours, one that acts for you, or any for an admin')
      .argument('<ID>', 'the session')
      .option('--reason <TEXT>', 'why; whoever is in it and the record get it'),
  ).action(async (id: string, _options: unknown, command: Command) => {
    // `sessions` has --config too, and takes it when it stands before `end`.
    const options = command.optsWithGlobals<EndOptions>();
    const path = `/v1/sessions/${encodeURIComponent(id)}/end`;
    const { reason } = options;
    const { ended } = (await connectApi(options).post(
      path,
      reason === undefined ? {} : { reason },
    )) as { ended: string };
    console.log(`session ${ended} has ended`);
  });
}
