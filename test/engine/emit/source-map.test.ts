import { SourceMap as NodeSourceMap } from 'node:module';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inlineSourceMap, sourceMapOf } from '../../../engine/emit/source-map.ts';
import { compile } from '../../support/policies.ts';
import { runProgram } from '../../support/run-program.ts';
import { projectRoot } from '../../support/source-files.ts';

const test = suite('engine/emit/source-map');

const PROGRAM = join(projectRoot, 'test/support/policy-places.ts');

async function placesWith(...options: readonly string[]) {
  const { code, stdout, stderr } = await runProgram(process.execPath, [...options, PROGRAM]);
  assert.is(code, 0, stderr);
  return JSON.parse(stdout) as { readonly stack: string; readonly places: readonly string[] };
}

test('every line of the code leads to the place it stands for', () => {
  const policySet = compile([
    'package p\n\na := 1\n\nb := 2\n',
    'package q\n\nlong_name := data.p.a\n',
  ]);
  const rules = policySet.modules.modules.flatMap((module) => module.rules);
  const sites = rules.map((rule) => ({ rule, span: rule.rule.head.span }));
  const [a, b, c] = sites;
  const map = sourceMapOf('out.js', [a, undefined, c, b, b], 3);
  const reader = new NodeSourceMap({
    ...map,
    sourceRoot: '',
    sources: [...map.sources],
    sourcesContent: [...map.sourcesContent],
    names: [],
  });
  const at = (line: number): string => {
    const entry = reader.findEntry(line, 0);
    return 'originalSource' in entry
      ? `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : '';
  };
  assert.equal([2, 3, 5, 6, 7].map(at), [
    '',
    'policy-0.policy:3:1',
    'policy-1.policy:3:1',
    'policy-0.policy:5:1',
    'policy-0.policy:5:1',
  ]);
  assert.equal(map.sourcesContent, [
    'package p\n\na := 1\n\nb := 2\n',
    'package q\n\nlong_name := data.p.a\n',
  ]);
});

test('a name or text of a policy cannot get out of the comment that holds the map', () => {
  const map = sourceMapOf('out.js', [], 0);
  const comment = inlineSourceMap('out.js', { ...map, sourcesContent: ['\n*/ throw 1; //\u2028'] });
  assert.match(
    comment,
    /^\/\/# sourceURL=out\.js\n\/\/# sourceMappingURL=data:application\/json;base64,[\w+/=]+\n$/,
  );
});

test('stack traces and the CPU profiler name lines of policies', async () => {
  const { stack, places } = await placesWith('--enable-source-maps');
  assert.match(stack, /policy-0\.policy:10:2/);
  assert.match(stack, /policy-0\.policy:5:2/);
  assert.ok(
    places.some((place) => /policy-0\.policy:1[3-6]$/.test(place)),
    places.join(', '),
  );
});

test('without source maps nothing of a policy is kept for them', async () => {
  const { stack, places } = await placesWith();
  assert.not.match(stack, /policy-0\.policy/);
  assert.equal(places, []);
});

test.run();
