/**
 * The settings for Neovim with the real editor: it starts the server, shows faults, answers the keys that are mapped. Skipped aloud
 * where there is no Neovim.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI_MAIN } from '../control/cli/run-cli.ts';
import { runProgram } from '../support/run-program.ts';
import { projectRoot } from '../support/source-files.ts';

const test = suite('examples/neovim');

const POLICY = `package access

# METADATA
# title: People may read
allow if {
	input.identity.knd == "human"
	count(input.action.sql.statements) > 0
}
`;
/** Waits for what the server tells, asks it as the keys do, and writes the answers down as JSON. */
const SCRIPT = `
local function answer(method, line, character, extra)
  local params = vim.tbl_extend('force', {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = line, character = character },
  }, extra or {})
  local found = vim.lsp.buf_request_sync(0, method, params, 20000) or {}
  for _, one in pairs(found) do return one.result end
end
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local faults = {}
for _, one in ipairs(vim.diagnostic.get(0)) do
  table.insert(faults, (one.lnum + 1) .. ': ' .. one.message)
end
local answers = vim.fn.json_encode({
  faults = faults,
  hover = answer('textDocument/hover', 6, 3),
  fields = answer('textDocument/completion', 5, 16),
  lenses = answer('textDocument/codeLens', 0, 0),
  omnifunc = vim.bo.omnifunc,
  mapped = vim.fn.mapcheck('K', 'n') ~= '' and vim.fn.mapcheck('gd', 'n') ~= '',
})
vim.fn.writefile({ answers }, 'answers.json')
vim.cmd('qall!')
`;

interface Answers {
  readonly faults: readonly string[];
  readonly hover: { readonly contents: { readonly value: string } };
  readonly fields: readonly { readonly label: string }[];
  readonly lenses: readonly { readonly command: { readonly title: string } }[];
  readonly omnifunc: string;
  readonly mapped: boolean;
}

const hasNeovim = await runProgram('nvim', ['--version']).then(
  ({ code }) => code === 0,
  () => false,
);
if (!hasNeovim) {
  console.log('SKIP: nvim is not installed');
  test('Neovim is there in CI', () => assert.is(process.env['CI'], undefined));
} else
  test('Neovim shows faults and answers by the settings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-nvim-'));
    try {
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      writeFileSync(
        join(bin, 'sallyport'),
        `#!/bin/sh\nexec ${process.execPath} ${CLI_MAIN} "$@"\n`,
      );
      chmodSync(join(bin, 'sallyport'), 0o755);
      writeFileSync(join(folder, 'access.policy'), POLICY);
      writeFileSync(join(folder, 'ask.lua'), SCRIPT);
      const settings = join(projectRoot, 'examples/neovim/policy.lua');
      const { stderr } = await runProgram(
        'nvim',
        [
          ...['--headless', '-n', '-i', 'NONE', '-u', settings, '--cmd', `cd ${folder}`],
          ...[join(folder, 'access.policy'), '-c', 'luafile ask.lua'],
        ],
        { PATH: `${bin}:${process.env['PATH']}`, HOME: folder },
      );
      const file = join(folder, 'answers.json');
      assert.ok(existsSync(file), stderr);
      const answers = JSON.parse(readFileSync(file, 'utf8')) as Answers;
      assert.equal(answers.faults, [
        '6: `input.identity` has no field `knd`\nhelp: did you mean `kind`?',
      ]);
      assert.match(answers.hover.contents.value, /^```policy\ncount\(collection: /);
      assert.ok(answers.fields.some(({ label }) => label === 'kind'));
      assert.equal(
        answers.lenses.map(({ command }) => command.title),
        ['Decide'],
      );
      assert.is(answers.omnifunc, 'v:lua.vim.lsp.omnifunc');
      assert.ok(answers.mapped);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

test.run();
