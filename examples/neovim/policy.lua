-- Policies in Neovim (0.7 or later): `sallyport lsp` for files that end in .policy or .rego.
-- Put it into ~/.config/nvim/plugin/, or source it from your init.lua.

local files = { '*.policy', '*.rego' }
vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
  pattern = files,
  callback = function() vim.bo.filetype = 'policy' end,
})

-- How the server is started, for example { 'npx', 'sallyport', 'lsp' }.
local command = vim.g.sallyport_command or { 'sallyport', 'lsp' }
local client

local function attach()
  if client == nil then
    client = vim.lsp.start_client({
      name = 'sallyport',
      cmd = command,
      root_dir = vim.fn.getcwd(),
      on_attach = function() vim.lsp.codelens.refresh() end,
      on_exit = function() client = nil end,
    })
  end
  -- Where it cannot be started, Neovim has said so.
  if client == nil then return end
  vim.lsp.buf_attach_client(0, client)
  vim.bo.omnifunc = 'v:lua.vim.lsp.omnifunc'
  vim.bo.commentstring = '# %s'
  vim.bo.expandtab = false
  local function map(keys, action)
    vim.keymap.set('n', keys, action, { buffer = true })
  end
  map('K', vim.lsp.buf.hover)
  map('gd', vim.lsp.buf.definition)
  map('gr', vim.lsp.buf.references)
  map('<leader>r', vim.lsp.buf.rename)
  map('<leader>a', vim.lsp.buf.code_action)
  map('<leader>l', vim.lsp.codelens.run)
  vim.keymap.set('i', '<C-k>', vim.lsp.buf.signature_help, { buffer = true })
end

vim.api.nvim_create_autocmd('FileType', { pattern = 'policy', callback = attach })
vim.api.nvim_create_autocmd('InsertLeave', {
  pattern = files,
  callback = function()
    if client ~= nil then vim.lsp.codelens.refresh() end
  end,
})
