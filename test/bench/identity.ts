/**
 * What a connection pays for its token: `npm run -s bench:identity` prints one JSON line for each figure, medians in microseconds.
 * Cold is the first sight of a token, its signature checked; warm is every later one.
 */
import { makeBenchKeys, openIdentityBench } from '../support/identity-bench.ts';

const COLD_TOKENS = 300;
const WARM_ROUNDS = 20_000;

const bench = openIdentityBench(makeBenchKeys());

function print(name: string, micros: number[], target?: number): void {
  micros.sort((a, b) => a - b);
  const at = (part: number): number =>
    Number((micros[Math.floor(micros.length * part)] ?? Number.NaN).toFixed(2));
  console.log(
    JSON.stringify({
      figure: name,
      unit: 'us',
      median: at(0.5),
      p99: at(0.99),
      runs: micros.length,
      ...(target === undefined ? {} : { target_median: target }),
    }),
  );
}

async function time(tokens: Iterable<string>): Promise<number[]> {
  const micros: number[] = [];
  for (const token of tokens) {
    const start = process.hrtime.bigint();
    await bench.identify(token);
    micros.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return micros;
}

const repeat = (token: string): string[] => Array.from({ length: WARM_ROUNDS }, () => token);
const many = (make: (id: string) => string): string[] =>
  Array.from({ length: COLD_TOKENS }, (_, index) => make(`cold-${index}`));

await bench.identify(bench.corp());
print('identity/provider-token/cold', await time(many((jti) => bench.corp({ jti }))));
print('identity/provider-token/warm', await time(repeat(bench.corp())), 100);
print('identity/session-token/cold', await time(many((jti) => bench.own({ jti }))));
print('identity/session-token/warm', await time(repeat(bench.own())), 20);
