/**
 * Starts `sallyport` from its sources. It does nothing but have Node keep what it makes of them, in the checkout they lie in: Node takes
 * the types out of the first file it is given before it can be told to, and that takes as long as all the rest of a short command. This
 * file has none. The published package does not hold it.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/sallyport', import.meta.url)));
await import('./main.ts');
