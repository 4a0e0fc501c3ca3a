/**
 * Compiles keyed rules once in a fresh process, as a gateway does when it starts, and prints what it took: milliseconds from text to a
 * first decision, megabytes of memory beyond what the process had before. Usage: compile-process.ts RULES
 */
import { createDecider } from '../../../engine/decide.ts';
import { compileText, policyText, subjectInputs } from './make-contender.ts';

const MB = 1024 * 1024;
const rules = Number(process.argv[2]);
const small = { policy: 'sql', rules: 1 } as const;
const subject = { policy: 'sql', rules } as const;
const text = policyText(subject);
const [input] = subjectInputs({ policy: 'sql', rules: 30 });
if (input === undefined) throw new Error('no input');

// The compiler itself is loaded and made first: its own start is no part of compiling a policy.
createDecider(compileText(policyText(small))).decide(['access'], input);
const rssBefore = process.resourceUsage().maxRSS / 1024;
const start = performance.now();
const policySet = compileText(text);
const checked = performance.now();
const decider = createDecider(policySet);
decider.decide(['access'], input);
const end = performance.now();
globalThis.gc?.();
console.log(
  JSON.stringify({
    ms: end - start,
    checkMs: checked - start,
    peakMb: process.resourceUsage().maxRSS / 1024 - rssBefore,
    keptMb: process.memoryUsage().heapUsed / MB,
  }),
);
