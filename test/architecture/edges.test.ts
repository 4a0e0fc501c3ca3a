/**
 * Holds the code to the floor plan: who may import whom, between the roots and inside each, and how large a file may grow.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSourceFiles } from '../support/source-files.ts';

/** What each root may import besides itself. */
const ROOT_EDGES: Readonly<Record<string, readonly string[]>> = {
  lang: [],
  engine: ['lang'],
  proxy: ['lang', 'engine'],
  control: ['lang', 'engine', 'proxy'],
  test: ['lang', 'engine', 'proxy', 'control'],
  examples: ['lang', 'engine'],
};

/**
 * Order inside each root: a folder may import itself, the folders it is grouped with (`a+b`) and those before it on a line. Files that
 * lie directly in a root stand where `.` stands, but for its front doors, which may import all of it.
 */
const INNER_ORDER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  lang: [['.', 'ast', 'syntax', 'check+types', 'format', 'lint', 'server']],
  engine: [
    [
      'value',
      'run',
      'builtins',
      'interpret',
      'reads',
      'contract',
      'plan',
      'decision',
      'emit',
      '.',
      'partial',
      'module',
      'trace',
      'testing',
    ],
  ],
  proxy: [
    ['.', 'gate', 'journal'],
    ['.', 'gate', 'sql', 'mask', 'postgres'],
    ['.', 'gate', 'mask', 'http'],
  ],
  control: [
    [
      '.',
      'identity',
      'config+credentials',
      'sessions',
      'decisions',
      'approvals+store',
      'notify',
      'policies',
      'api',
      'serve',
      'embed',
      'demo',
      'build',
      'cli',
    ],
  ],
};
const FRONT_DOORS: readonly string[] = [
  'lang/index.ts',
  'lang/parse.ts',
  'engine/index.ts',
  'control/gateway.ts',
  'control/protocols.ts',
  'control/listen.ts',
  'control/open-credentials.ts',
  'control/open-approvals.ts',
  'control/open-notices.ts',
  'control/watch-store.ts',
];

/** Fewer files than this means that the walk looked in the wrong place. */
const FILE_FLOOR = 150;
/** Lines a file may have. */
const LINE_LIMIT = 400;

const files = readSourceFiles(['lang', 'engine', 'proxy', 'control', 'test']);
const rootOf = (path: string): string => path.slice(0, path.indexOf('/'));
const folderOf = (path: string): string => {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '.') : '.';
};

const architecture = suite('architecture');

architecture('the walk sees the whole project', () => {
  assert.ok(files.length >= FILE_FLOOR, `only ${files.length} files seen`);
  for (const root of ['lang', 'engine', 'proxy', 'control', 'test'])
    assert.ok(
      files.some((file) => rootOf(file.path) === root),
      `nothing seen in ${root}`,
    );
});

architecture('imports between roots go one way: lang, engine, proxy, control', () => {
  const broken = files.flatMap((file) => {
    const root = rootOf(file.path);
    const allowed = [root, ...(ROOT_EDGES[root] ?? [])];
    return file.imports
      .filter((target) => Object.keys(ROOT_EDGES).includes(rootOf(target)))
      .filter((target) => !allowed.includes(rootOf(target)))
      .map((target) => `${file.path} -> ${target}`);
  });
  assert.equal(broken, []);
});

architecture('imports inside a root follow its inner order', () => {
  const broken = files.flatMap((file) => {
    const root = rootOf(file.path);
    const orders = INNER_ORDER[root];
    if (orders === undefined || FRONT_DOORS.includes(file.path)) return [];
    const allowed = foldersWithin(orders, folderOf(file.path));
    if (allowed.size === 0) return [`${file.path} lies in a folder without a place in the order`];
    return file.imports
      .filter((target) => rootOf(target) === root && !target.includes('node_modules'))
      .filter((target) => !FRONT_DOORS.includes(target) && !allowed.has(folderOf(target)))
      .map((target) => `${file.path} -> ${target}`);
  });
  assert.equal(broken, []);
});

/** Every folder that `own` may import from, itself included. */
function foldersWithin(orders: readonly (readonly string[])[], own: string): Set<string> {
  return new Set(
    orders.flatMap((order) => {
      const at = order.findIndex((place) => place.split('+').includes(own));
      return order.slice(0, at + 1).flatMap((place) => place.split('+'));
    }),
  );
}

architecture('lang uses no Node built-in module', () => {
  const broken = files
    .filter((file) => rootOf(file.path) === 'lang')
    .flatMap((file) =>
      file.imports
        .filter((target) => target.startsWith('node:'))
        .map((target) => `${file.path} -> ${target}`),
    );
  assert.equal(broken, []);
});

architecture('permits are minted inside the gate only', () => {
  const broken = files
    .filter((file) => !file.path.startsWith('proxy/gate/') && !file.path.startsWith('test/'))
    .filter((file) => /\bmintPermit\b/.test(file.text))
    .map((file) => file.path);
  assert.equal(broken, []);
});

architecture('only engine/emit makes functions from text', () => {
  const broken = files
    .filter((file) => !file.path.startsWith('engine/emit/') && !file.path.startsWith('test/'))
    .filter((file) => /\bnew Function\(|\beval\(/.test(file.text))
    .map((file) => file.path);
  assert.equal(broken, []);
});

architecture(`no file is longer than ${LINE_LIMIT} lines`, () => {
  const long = files.filter((file) => file.lines > LINE_LIMIT + 1);
  assert.equal(
    long.map((file) => `${file.path}: ${file.lines}`),
    [],
  );
});

architecture('every file but a test, which has its suite name, says in a header what it is', () => {
  const bare = files
    .filter((file) => !file.path.endsWith('.test.ts'))
    .filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text));
  assert.equal(
    bare.map((file) => file.path),
    [],
  );
});

architecture.run();
