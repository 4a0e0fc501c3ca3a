/** A session that remembers says what a checker that starts from nothing says, whatever is edited in between. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuiltinTable } from '../../../../engine/builtins/registry.ts';
import { checkerSignatures } from '../../../../engine/checker-signatures.ts';
import { contractInputType } from '../../../../engine/contract/input-type.ts';
import { checkModules } from '../../../../lang/check/check.ts';
import type { CheckOptions } from '../../../../lang/check/options.ts';
import type { ParsedModule } from '../../../../lang/check/parsed.ts';
import type { Diagnostic } from '../../../../lang/diagnostic.ts';
import { parseModule } from '../../../../lang/parse.ts';
import {
  createCheckSession,
  type SessionResult,
} from '../../../../lang/server/checking/check-session.ts';
import { createNeighbours } from '../../../../lang/server/checking/neighbours.ts';
import type { CheckedTypes } from '../../../../lang/types/check-types.ts';
import { printType } from '../../../../lang/types/print.ts';
import { stringKey } from '../../../../lang/types/type.ts';

const session = suite('lang/server/checking/check-session');

const OPTIONS: CheckOptions = {
  builtins: checkerSignatures(createBuiltinTable()),
  inputType: contractInputType(),
  allowMocked: true,
  maxDiagnostics: 1000,
};
const RUNS = Number(process.env['SESSION_RUNS'] ?? '150');
const EDITS = 12;

const PACKAGES = ['a', 'b', 'a.b', 'c'];
const IMPORTS = [
  'import data.a',
  'import data.b as a',
  'import data.a.b.p',
  'import input.identity',
];
const NAMES = ['p', 'q', 'f', 'r'];
/** Rules that can see each other in every way there is; `N` and `M` stand for names, `P` for a package. */
const RULES = [
  'N := 1',
  'N := "text"',
  'N if true',
  'default N := false',
  'default N := 7',
  'N if M',
  'N := M + 1',
  'N := M(1)',
  'N := M(1, 2)',
  'N(x) := x + 1',
  'N(x) := M(x)',
  'N(x, y) := [x, y]',
  'N(x) := x if x > 1 else := "small"',
  'N contains x if some x in [1, 2]',
  'N contains x if some x in M',
  'N[x] := y if some x, y in {"k": M}',
  'N.k := 1',
  'N.k := M',
  'N[x].k := 2 if some x in ["s"]',
  'N := data.P.M',
  'N := data.P',
  'N := data.P[x] if some x in ["p", "q"]',
  'N := data[x].M if some x in ["a"]',
  'N if not M',
  'N if not M == 3',
  'N if y > 1',
  'N if input.identity.knd == "human"',
  'N if input.identity.kind == "human"',
  'N := x if {\n\tx := M\n\tcount(x) > 0\n}',
  'N if M with data.P.M as 3',
  'N if M with input as {"identity": 3}',
  'N if M with count as M',
  'N if count(M) == 1 with count as 3',
  'N := time.now_ns() with time.now_ns as 3',
  'N := {M | M > 1}',
  'N if every x in M { x > 1 }',
  'N := a.M',
  'N := identity.kind',
  'N := pp',
  'N := $"{M} is {data.P.M}"',
  'N := rego.metadata.rule()',
  'N := sprintf("%d", M)',
  '# METADATA\n# title: t\nN := 3',
  '# METADATA\n# schemas:\n# - data.P.M: {type: string}\nN := data.P.M + 1',
  '# METADATA\n# scope: document\n# title: d\nN := 4',
];

type Edit =
  | { readonly kind: 'put' | 'insert'; readonly at: number; readonly rule: string }
  | { readonly kind: 'remove' | 'swap' | 'comment'; readonly at: number }
  | { readonly kind: 'package'; readonly path: string }
  | { readonly kind: 'imports'; readonly lines: readonly string[] }
  | { readonly kind: 'absent' };

interface File {
  readonly path: string;
  readonly imports: readonly string[];
  readonly rules: readonly string[];
}

const rule = fc
  .record({
    form: fc.constantFrom(...RULES),
    name: fc.constantFrom(...NAMES),
    other: fc.constantFrom(...NAMES),
    path: fc.constantFrom(...PACKAGES),
  })
  .map(({ form, name, other, path }) =>
    form.replaceAll(/\bN\b/g, name).replaceAll(/\bM\b/g, other).replaceAll(/\bP\b/g, path),
  );
const at = fc.nat(20);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('put', 'insert'), at, rule }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('remove', 'swap', 'comment'), at }) },
  { weight: 1, arbitrary: fc.constantFrom(...PACKAGES).map((path) => ({ kind: 'package', path })) },
  {
    weight: 1,
    arbitrary: fc.subarray(IMPORTS).map((lines) => ({ kind: 'imports', lines })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'absent' }) },
) as fc.Arbitrary<Edit>;
const file = fc.record({
  path: fc.constantFrom(...PACKAGES),
  imports: fc.subarray(IMPORTS, { maxLength: 1 }),
  rules: fc.array(rule, { maxLength: 4 }),
});

function applyEdit(before: File, one: Edit): File {
  const { rules } = before;
  const place = 'at' in one ? one.at % (rules.length + 1) : 0;
  const [head, tail] = [rules.slice(0, place), rules.slice(place)];
  switch (one.kind) {
    case 'put':
      return { ...before, rules: [...head, one.rule, ...tail.slice(1)] };
    case 'insert':
      return { ...before, rules: [...head, one.rule, ...tail] };
    case 'remove':
      return { ...before, rules: [...head, ...tail.slice(1)] };
    case 'swap':
      return { ...before, rules: [...tail, ...head] };
    case 'comment':
      return { ...before, rules: [...head, '# a line', ...tail] };
    case 'package':
      return { ...before, path: one.path };
    case 'imports':
      return { ...before, imports: one.lines };
    case 'absent':
      return { ...before, rules: [] };
  }
}

function parsed(name: string, { path, imports, rules }: File): ParsedModule | undefined {
  const source = { name, text: [`package ${path}`, ...imports, ...rules, ''].join('\n\n') };
  const { module, diagnostics } = parseModule(source);
  return module === undefined || diagnostics.length > 0 ? undefined : { source, module };
}

function told(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .map(({ source, span, code, message, help, related }) =>
      [
        source.name,
        span.start,
        span.end,
        code,
        message,
        help,
        ...(related ?? []).map((one) => `${one.source.name}:${one.span.start} ${one.message}`),
      ].join(' | '),
    )
    .sort();
}

function typesOf(types: CheckedTypes, modules: readonly ParsedModule[]): readonly string[] {
  const { tree } = types.environment;
  return modules.flatMap(({ module }) =>
    module.rules.map((one) => {
      const { head } = one.head.ref;
      const keys = ['data', ...module.package.path, head.kind === 'Var' ? head.name : ''];
      const node = keys.reduce<typeof tree | undefined>(
        (above, key) => above?.child(stringKey(key)),
        tree,
      );
      return `${keys.join('.')}: ${node === undefined ? 'none' : printType(node.extent())}`;
    }),
  );
}

const allOf = (result: SessionResult, modules: readonly ParsedModule[]): readonly string[] =>
  told(modules.flatMap(({ source }) => result.diagnosticsOf(source.name)));

function assertAlike(got: readonly string[], want: readonly string[], shown: string): void {
  assert.equal(got, want, `${shown}\nGOT\n${got.join('\n')}\nWANT\n${want.join('\n')}`);
}

/** Runs a history of edits; after each, compares with the checker and with a session that is new. */
function assertSame(files: readonly File[], edits: readonly (readonly [number, Edit])[]): void {
  const remembering = createCheckSession(OPTIONS);
  const states = [...files];
  const modules = files.map((one, index) => parsed(`${index}.policy`, one));
  for (const [which, one] of [[0, { kind: 'swap', at: 0 }] as const, ...edits]) {
    const index = which % states.length;
    const state = applyEdit(states[index] ?? { path: 'a', imports: [], rules: [] }, one);
    const next = parsed(`${index}.policy`, state);
    if (next === undefined) continue;
    states[index] = state;
    modules[index] = next;
    const present = modules.filter((module) => module !== undefined);
    const result = remembering.run(present);
    const shown = present.map(({ source }) => `--- ${source.name}\n${source.text}`).join('\n');
    const anew = createCheckSession(OPTIONS).run(present);
    assertAlike(allOf(result, present), allOf(anew, present), shown);
    assertAlike(typesOf(result.types, present), typesOf(anew.types, present), shown);
    const names = checkModules(present, { ...OPTIONS, skipTypes: true });
    assertAlike(
      allOf(result, present).filter((line) => !line.includes(' | type/')),
      told(names.diagnostics),
      shown,
    );
    if (names.set === undefined) continue;
    const whole = checkModules(present, OPTIONS);
    assertAlike(allOf(result, present), told(whole.diagnostics), shown);
    if (whole.set?.types !== undefined)
      assertAlike(typesOf(result.types, present), typesOf(whole.set.types, present), shown);
  }
}

session('random edits leave the same faults and types as a check from nothing', () => {
  fc.assert(
    fc.property(
      fc.array(file, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(2), edit), { minLength: 1, maxLength: EDITS }),
      assertSame,
    ),
    { numRuns: RUNS, seed: Number(process.env['SESSION_SEED'] ?? '7'), includeErrorInReport: true },
  );
});

/** Runs a history of edits; of each a check is begun and left, another text is checked, then the edit again. */
function assertUnharmed(
  files: readonly File[],
  edits: readonly (readonly [number, Edit])[],
  steps: number,
): void {
  const remembering = createCheckSession(OPTIONS, 1);
  const states = [...files];
  const modules = files.map((one, index) => parsed(`${index}.policy`, one));
  for (const [which, one] of edits) {
    const index = which % states.length;
    const state = applyEdit(states[index] ?? { path: 'a', imports: [], rules: [] }, one);
    const next = parsed(`${index}.policy`, state);
    if (next === undefined) continue;
    const before = modules.filter((module) => module !== undefined);
    states[index] = state;
    modules[index] = next;
    const present = modules.filter((module) => module !== undefined);
    const left = remembering.runInSteps(present);
    for (let at = 0; at < steps; at += 1) left.next();
    for (const checked of [before, present]) {
      const result = remembering.run(checked);
      const anew = createCheckSession(OPTIONS).run(checked);
      const shown = checked.map(({ source }) => `--- ${source.name}\n${source.text}`).join('\n');
      assertAlike(allOf(result, checked), allOf(anew, checked), shown);
      assertAlike(typesOf(result.types, checked), typesOf(anew.types, checked), shown);
    }
  }
}

session('a check that is begun and left, wherever it pauses, leaves nothing behind', () => {
  fc.assert(
    fc.property(
      fc.array(file, { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(2), edit), { minLength: 1, maxLength: EDITS / 2 }),
      fc.nat(20),
      assertUnharmed,
    ),
    {
      numRuns: Math.ceil(RUNS / 3),
      seed: Number(process.env['SESSION_SEED'] ?? '7'),
      includeErrorInReport: true,
    },
  );
});

session('a check that is left while types are noted is not believed where the text returns', () => {
  const file = (value: string): File => ({
    path: 'a',
    imports: [],
    rules: [`p := ${value}`, 'q := p', 'r := q', 's := [r]'],
  });
  for (let steps = 1; steps < 8; steps += 1) {
    const number = parsed('0.policy', file('count("x")'));
    const text = parsed('0.policy', file('lower("x")'));
    if (number === undefined || text === undefined) throw new Error('the texts have faults');
    const remembering = createCheckSession(OPTIONS, 1);
    const first = typesOf(remembering.run([number]).types, [number]);
    const left = remembering.runInSteps([text]);
    for (let at = 0; at < steps; at += 1) left.next();
    assert.equal(typesOf(remembering.run([number]).types, [number]), first, String(steps));
  }
});

/** Faults without advice, which may name a rule of any module. */
const adviceless = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  told(diagnostics.map(({ help: _, ...rest }) => rest));

session('among its neighbours a module has the faults that it has among all', () => {
  fc.assert(
    fc.property(fc.array(file, { minLength: 2, maxLength: 5 }), (files) => {
      const modules = files
        .map((one, index) => parsed(`${index}.policy`, one))
        .filter((module) => module !== undefined);
      const all = createCheckSession(OPTIONS).run(modules);
      const neighboursOf = createNeighbours();
      for (const home of modules) {
        const near = createCheckSession(OPTIONS).run(neighboursOf(home, modules));
        const { name } = home.source;
        assertAlike(
          adviceless(near.diagnosticsOf(name)),
          adviceless(all.diagnosticsOf(name)),
          modules.map(({ source }) => `--- ${source.name}\n${source.text}`).join('\n'),
        );
      }
    }),
    { numRuns: RUNS * 2, seed: Number(process.env['SESSION_SEED'] ?? '7') },
  );
});

session('a module that has nothing to do with another is no neighbour of it', () => {
  const text = (path: string, rules: readonly string[]): File => ({ path, imports: [], rules });
  const modules = [
    parsed('0', text('a', ['p := data.b.c.q'])),
    parsed('1', text('b.c', ['q := data.d'])),
    parsed('2', text('d.e', ['r := 1'])),
    parsed('3', text('f', ['s := data.a.p'])),
    parsed('4', text('a', ['t := 1'])),
    parsed('5', text('g', ['u := input.data'])),
  ].filter((module) => module !== undefined);
  const neighboursOf = createNeighbours();
  const names = modules.map((home) =>
    neighboursOf(home, modules)
      .map(({ source }) => source.name)
      .join(''),
  );
  assert.equal(names, ['0124', '12', '2', '01234', '0124', '5']);
});

session('a keystroke in one rule checks that rule alone', () => {
  const files = Array.from({ length: 20 }, (_, index) => ({
    path: `many${index}`,
    imports: [],
    rules: ['p := 1', 'q if p == 1'],
  }));
  const modules = files.map((one, index) => parsed(`${index}.policy`, one));
  const present = modules.filter((module) => module !== undefined);
  const remembering = createCheckSession(OPTIONS);
  assert.is(remembering.run(present).work.rules, 40);
  const edited = parsed('3.policy', {
    path: 'many3',
    imports: [],
    rules: ['p := 1', 'q if p == 12'],
  });
  assert.ok(edited);
  const { work } = remembering.run(present.with(3, edited));
  assert.equal(work, { rules: 1, branches: 1 });
});

session.run();
