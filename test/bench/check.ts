/**
 * Milliseconds to parse, check and type policies, warm (median of some rounds), and the memory the checked set keeps. One JSON line per
 * figure. Machines are noisy: compare figures of one run.
 *
 * Usage: npm run -s bench:check -- [--rules 1000,10000] [--rounds 5]
 */
import { parseArgs } from 'node:util';
import { createBuiltinTable } from '../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../engine/checker-signatures.ts';
import { contractInputType } from '../../engine/contract/input-type.ts';
import { checkModules } from '../../lang/check/check.ts';
import type { CheckOptions } from '../../lang/check/options.ts';
import type { ParsedModule } from '../../lang/check/parsed.ts';
import { parseModule } from '../../lang/parse.ts';
import type { Source } from '../../lang/source.ts';
import { policySources } from './policy-sources.ts';

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '5' },
  },
});

/** Rounds before anything is measured. */
const WARM_UP_ROUNDS = 5;

const builtins = checkerSignatures(createBuiltinTable());
const typed: CheckOptions = { builtins, inputType: contractInputType() };
const untyped: CheckOptions = { builtins, skipTypes: true };

function parseAll(sources: readonly Source[]): readonly ParsedModule[] {
  return sources.map((source) => {
    const { module, diagnostics } = parseModule(source);
    if (module === undefined || diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
    return { source, module };
  });
}

function checkAll(modules: readonly ParsedModule[], options: CheckOptions): void {
  const { diagnostics } = checkModules(modules, options);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
}

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}

// Warm: the parser is made, and the code compiled as far as a server that has reloaded a few times has it.
for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
  checkAll(parseAll(policySources(1000)), untyped);
  checkAll(parseAll(policySources(1000)), typed);
}

for (const rules of values.rules.split(',').map(Number)) {
  const sources = policySources(rules);
  const rounds = Array.from({ length: rules > 20_000 ? 1 : Number(values.rounds) }, () => {
    const modules = parseAll(sources);
    return {
      parse: time(() => parseAll(sources)),
      check: time(() => checkAll(modules, untyped)),
      all: time(() => checkAll(modules, typed)),
    };
  });
  const parse = median(rounds.map((round) => round.parse));
  const check = median(rounds.map((round) => round.check));
  const type = median(rounds.map((round) => round.all - round.check));
  const round = (ms: number): number => Math.round(ms * 10) / 10;
  print({ figure: 'parse', rules, ms: round(parse) });
  print({ figure: 'check', rules, ms: round(check) });
  print({ figure: 'type', rules, ms: round(type) });
  print({ figure: 'all', rules, ms: round(parse + check + type) });
  print({
    figure: 'memory',
    rules,
    rss_mb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    heap_mb: Math.round(process.memoryUsage().heapUsed / 1024 / 1024),
  });
}
