/**
 * A headless Chromium of this machine, for sign-in pages as people see them. What of it is used is named here: the declarations of
 * playwright-core would bring the DOM into the types of the whole program.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface Chromium {
  /** A page in a profile of its own: no cookies. */
  newPage(): Promise<ChromiumPage>;
  close(): Promise<void>;
}

export interface ChromiumPage {
  goto(address: string): Promise<unknown>;
  url(): string;
  getByLabel(text: string): Locator;
  getByText(text: string): Locator;
  getByRole(role: 'button', options: { readonly name: string }): Locator;
}

interface Locator {
  click(): Promise<void>;
  check(): Promise<void>;
  waitFor(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: {
      readonly executablePath: string;
      readonly args: readonly string[];
    }): Promise<Chromium>;
  };
}

/** Where it is, or undefined when this machine has none. */
export function findChromium(): string | undefined {
  return [process.env['CHROMIUM'], ...PLACES].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** Starts it; root has no sandbox. */
export function openChromium(executablePath: string): Promise<Chromium> {
  const { chromium } = createRequire(import.meta.url)('playwright-core') as Playwright;
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...args, '--disable-gpu'] });
}
