/**
 * Entry of the worker thread that parses texts too long or too deep for the main thread's stack. One text at a time; it ends
 * itself never, the lane does. It must import nothing with side effects.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { PostgresMajor } from './facts.ts';
import { loadParser } from './parser.ts';

const parse = await loadParser(workerData as PostgresMajor);
parentPort?.on('message', (text: string) => parentPort?.postMessage(parse(text)));
parentPort?.postMessage('ready');
