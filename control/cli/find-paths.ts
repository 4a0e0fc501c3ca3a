/**
 * Where the policies of a command lie. The configuration is loaded only when it is asked: its schema costs more than a warm `check`.
 */
import { existsSync } from 'node:fs';
import { ControlError } from '../error.ts';

/** Policy paths of the command line, else of the configuration, else the folder `policies`. Rejects with `usage/invalid`. */
export async function findPaths(
  paths: readonly string[],
  config: string,
): Promise<readonly string[]> {
  if (paths.length > 0) return paths;
  if (existsSync(config)) {
    const { loadConfig } = await import('../config/load.ts');
    return loadConfig(config).policyPaths;
  }
  if (existsSync('policies')) return ['policies'];
  throw new ControlError('usage/invalid', 'there is nothing to read', {
    hint: 'name files or folders, or run this beside sallyport.yaml',
  });
}
