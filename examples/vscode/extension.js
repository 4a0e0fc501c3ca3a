/**
 * Starts the language server for policies and hands it the editor; shows what tests and decisions come to. All it knows of the
 * language is in the server.
 */
const { window, workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const DECIDE = 'sallyport.decide';
const CHOOSE = 'Choose a file…';

/** The client of this window, from the activation on. */
let client;

exports.activate = async function activate() {
  const [command, ...args] = workspace.getConfiguration('sallyport').get('command');
  const output = window.createOutputChannel('Sallyport outcomes');
  client = new LanguageClient(
    'sallyport',
    'Sallyport',
    { command, args },
    {
      documentSelector: [
        { scheme: 'file', language: 'policy' },
        { scheme: 'untitled', language: 'policy' },
      ],
      initializationOptions: { showsOutcome: true },
      synchronize: {
        fileEvents: [
          workspace.createFileSystemWatcher('**/*.{policy,rego}'),
          workspace.createFileSystemWatcher('**/.sallyport-lint.yaml'),
        ],
      },
      middleware: {
        executeCommand: async (name, given, next) => {
          const asked = name === DECIDE ? await withInput(given) : given;
          if (asked === undefined) return null;
          const outcome = await next(name, asked);
          if (outcome) show(output, outcome);
          return outcome;
        },
      },
    },
  );
  await client.start();
  return { client };
};

exports.deactivate = function deactivate() {
  return client?.stop();
};

/** The argument of a decision with the input the user picks; undefined where nothing is picked. */
async function withInput([argument]) {
  if (argument.input !== undefined) return [argument];
  const inputs = await client.sendRequest('sallyport/inputs', { uri: argument.uri });
  const picked = await window.showQuickPick([...inputs.map(({ title }) => title), CHOOSE], {
    placeHolder: 'Which input is decided about?',
  });
  if (picked === undefined) return undefined;
  const known = inputs.find(({ title }) => title === picked);
  if (known !== undefined) return [{ ...argument, input: known.uri }];
  const files = await window.showOpenDialog({ filters: { Inputs: ['json'] } });
  return files === undefined ? undefined : [{ ...argument, input: files[0].toString() }];
}

/** The first line where the user looks, all of it in the output. */
function show(output, { ok, text }) {
  output.clear();
  output.append(text);
  output.show(true);
  const [summary] = text.split('\n');
  if (ok) window.setStatusBarMessage(`$(pass) ${summary}`, 10_000);
  else window.showWarningMessage(summary);
}
