/**
 * Opens an address in the person's browser, where there seems to be one. It is shown to them besides, so that nothing depends on it.
 */
import { spawn } from 'node:child_process';

/** True when a program was started; only for http and https addresses. */
export function openBrowser(
  address: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  // A parsed address has no quotes or spaces, and cannot be read as an option.
  if (!/^https?:\/\//.test(address) || new URL(address).href !== address) return false;
  const opener = findOpener(env, platform);
  if (opener === undefined) return false;
  const [program, ...args] = opener;
  const child = spawn(program, [...args, address], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
  return true;
}

function findOpener(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): readonly [string, ...string[]] | undefined {
  if (env['BROWSER']) return [env['BROWSER']];
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : undefined;
}
