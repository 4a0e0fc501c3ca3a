/**
 * The formatter: layout by example, and its promises on every module there is: same meaning, every comment, idempotent.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatSource } from '../../../lang/format/format.ts';
import { parseModule } from '../../../lang/parse.ts';
import { readConformanceModules } from '../../support/conformance-modules.ts';
import { findOpa, runOpa } from '../../support/opa.ts';
import { CASES } from './layout-cases.ts';

/** Modules that are given to OPA. */
const OPA_SAMPLE = 150;
/** Modules that get comments in random places. */
const COMMENTED_SAMPLE = 600;

const test = suite('lang/format/format');
const modules = readConformanceModules() ?? [];

function format(text: string, width?: number): string {
  const result = formatSource({ name: 'test.policy', text }, width);
  assert.is(result.kind, 'formatted', text);
  return result.kind === 'formatted' ? result.text : '';
}

for (const { name, before, after, width } of CASES)
  test(name, () => {
    assert.is(format(before, width), after);
    assert.is(format(after, width), after);
  });

test('a text with faults is not formatted, and its faults are told', () => {
  const result = formatSource({ name: 'test.policy', text: 'package a\n\np if {\n' });
  assert.is(result.kind, 'unreadable');
  if (result.kind === 'unreadable') assert.ok(result.diagnostics.length > 0);
});

test('every conformance module keeps its meaning and formats to itself, wide and narrow', () => {
  for (const { name, text } of modules)
    for (const width of [120, 40]) {
      const once = format(text, width);
      assert.is(format(once, width), once, name);
    }
});

test('comments in any place are all kept, and the result formats to itself', () => {
  if (modules.length === 0) return;
  const place = fc.tuple(
    fc.nat(modules.length - 1),
    fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
  );
  let formatted = 0;
  fc.assert(
    fc.property(place, ([at, places]) => {
      const text = withComments(modules[at]?.text ?? '', places);
      const { diagnostics } = parseModule({ name: 'test.policy', text });
      if (diagnostics.length > 0) return;
      const once = format(text);
      assert.is(format(once), once);
      assert.is(once.split('# kept').length, text.split('# kept').length);
      formatted += 1;
    }),
    { numRuns: COMMENTED_SAMPLE },
  );
  assert.ok(formatted > COMMENTED_SAMPLE / 2, `only ${formatted} texts could be read`);
});

test('OPA accepts what the formatter wrote', () => {
  const opa = findOpa();
  if (opa === undefined || modules.length === 0) {
    console.log('SKIP: `opa check` of formatted modules, because `opa` or the modules are absent');
    return;
  }
  const step = Math.ceil(modules.length / OPA_SAMPLE);
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-fmt-'));
  try {
    const files = modules
      .filter((_, at) => at % step === 0)
      .map(({ text }, at) => {
        const file = join(folder, `${at}.rego`);
        writeFileSync(file, format(text, 60));
        return file;
      });
    // `parse` and not `check`: modules of different cases contradict each other.
    for (const file of files)
      assert.ok(runOpa(opa, ['parse', '--format', 'json', file]).length > 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The text with `# kept` lines after some of its blanks and brackets. */
function withComments(text: string, places: readonly number[]): string {
  const spots = [...text.matchAll(/[\s,([{}\])]/g)].map((match) => match.index + 1);
  const chosen = [...new Set(places.map((place) => spots[place % spots.length] ?? 0))];
  return chosen
    .sort((left, right) => right - left)
    .reduce((result, at) => `${result.slice(0, at)} # kept\n${result.slice(at)}`, text);
}

test.run();
