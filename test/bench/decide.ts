/**
 * What a decision costs, beside the same policy written by hand, OPA and Cedar. Results are compared before anything is timed; each
 * contender has a process of its own; rounds are interleaved, and a ratio is the median of the rounds' own. One JSON line per figure.
 * Machines are noisy: compare figures of one run only. It never fails because something is slow.
 *
 * Usage: npm run -s bench:decide -- [--rounds 7] [--ms 150] [--rules 30,1000,10000] [--only keyed,cached,partial,passes,explain,fresh,garbage,opa,cedar,scanned,compile]
 */
import { parseArgs } from 'node:util';
import {
  measureCached,
  measureCedar,
  measureGarbage,
  measureKeyed,
  measureScanned,
} from './decide/measure.ts';
import { measureCompile } from './decide/measure-compile.ts';
import { measureExplain } from './decide/measure-explain.ts';
import { measureOpa } from './decide/measure-opa.ts';
import { measurePartial } from './decide/measure-partial.ts';
import { measurePasses } from './decide/measure-passes.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '150' },
    rules: { type: 'string', default: '30,1000,10000' },
    only: {
      type: 'string',
      default: 'fresh,keyed,cached,garbage,partial,passes,explain,scanned,cedar,opa,compile',
    },
  },
});

const plan = { rounds: Number(values.rounds), ms: Number(values.ms) };
const sizes = values.rules.split(',').map(Number);
for (const part of values.only.split(',')) {
  switch (part) {
    case 'fresh':
      await measureKeyed('fresh', [30], plan);
      break;
    case 'keyed':
      await measureKeyed('sql', sizes, plan);
      await measureKeyed('http', sizes, plan);
      break;
    case 'cached':
      await measureCached(sizes, plan);
      break;
    case 'garbage':
      await measureGarbage(sizes, plan);
      break;
    case 'partial':
      measurePartial(plan);
      break;
    case 'explain':
      measureExplain(sizes);
      break;
    case 'passes':
      measurePasses(plan);
      break;
    case 'scanned':
      await measureScanned(plan);
      break;
    case 'cedar':
      await measureCedar(sizes, plan);
      break;
    case 'opa':
      await measureOpa(sizes, plan);
      break;
    case 'compile':
      await measureCompile([1_000, 10_000], plan);
      break;
    default:
      throw new Error(`there is no part ${part}`);
  }
}
