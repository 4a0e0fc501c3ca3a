/**
 * `sallyport tour`: drives the demo that runs in this folder, or one of its own that it starts and stops again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { DEMO_FOLDER, FREE_PORTS, findRunningDemo, startDemo } from '../../demo/demo.ts';
import { walkTour } from '../../demo/tour.ts';

export function register(program: Command): void {
  program
    .command('tour')
    .description('drive the demo as its clients would, and print what happens')
    .action(async () => {
      const print = (line: string): void => console.log(line);
      const running = findRunningDemo(DEMO_FOLDER);
      if (running !== undefined) {
        await walkTour(running, print);
        return;
      }
      print('No demo is running here: starting one on free ports ...');
      const folder = mkdtempSync(join(tmpdir(), 'sallyport-tour-'));
      try {
        const demo = await startDemo({
          folder,
          databaseUrl: undefined,
          ports: FREE_PORTS,
          ephemeral: true,
        });
        try {
          await walkTour(demo.endpoints, print);
        } finally {
          await demo.stop();
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
}
