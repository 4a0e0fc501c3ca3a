/** Writes the pages of docs/ that come from the code. Usage: npm run -s docs */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PAGES } from './pages.ts';

for (const { file, write } of PAGES) {
  const path = new URL(`../../docs/${file}`, import.meta.url);
  const present = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const text = write(present);
  if (text === present) continue;
  writeFileSync(path, text);
  console.log(`docs/${file}`);
}
