/**
 * Starts the language server for policies and hands it the editor. All it knows of the language is in the server.
 */
const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

/** The client of this window, from the activation on. */
let client;

exports.activate = async function activate() {
  const [command, ...args] = workspace.getConfiguration('sallyport').get('command');
  client = new LanguageClient(
    'sallyport',
    'Sallyport',
    { command, args },
    {
      documentSelector: [{ scheme: 'file', language: 'policy' }],
      synchronize: { fileEvents: workspace.createFileSystemWatcher('**/*.{policy,rego}') },
    },
  );
  await client.start();
};

exports.deactivate = function deactivate() {
  return client?.stop();
};
