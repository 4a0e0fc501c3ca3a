/**
 * The commands of the code lenses. The host runs the tests and makes the decision; here is what they are asked about, and how the
 * answer is told.
 */
import { type Connection, ResponseError } from 'vscode-languageserver';
import type { Source } from '../source.ts';
import { COMMANDS, packageNameOf } from './features/code-lenses.ts';
import type { CommandOutcome, ServerHost } from './ports.ts';
import type { PolicyDocument, Workspace } from './workspace.ts';

/** The code of a request whose arguments are not right. */
const INVALID_PARAMS = -32602;
/** Input files that are offered to choose from: editors show them as buttons. */
const MAX_OFFERED = 8;
const MESSAGE = { error: 1, info: 3 } as const;

interface Argument {
  readonly uri: string;
  readonly name: string | undefined;
  readonly input: string | undefined;
}

/**
 * Answers `workspace/executeCommand` with a `CommandOutcome`, or null where the user chose nothing.
 *
 * @param showsOutcome the editor shows outcomes itself; otherwise they are told by `window/showMessage`
 */
export function answerCommands(
  connection: Connection,
  host: ServerHost,
  workspace: Workspace,
  showsOutcome: () => boolean,
): void {
  connection.onRequest('sallyport/inputs', (params: unknown) =>
    host.inputsFor(readArgument(params).uri),
  );
  connection.onExecuteCommand(async ({ command, arguments: [given] = [] }) => {
    if (command !== COMMANDS.runTest && command !== COMMANDS.decide)
      throw new ResponseError(INVALID_PARAMS, `there is no command ${command}`);
    const argument = readArgument(given);
    const document = workspace.find(argument.uri);
    if (document === undefined)
      throw new ResponseError(INVALID_PARAMS, `${argument.uri} is no document of the workspace`);
    const outcome =
      command === COMMANDS.runTest
        ? await runTests(host, workspace, document, argument.name)
        : await decide(connection, host, workspace, document, argument.input);
    if (outcome !== null && !showsOutcome()) {
      const type = outcome.ok ? MESSAGE.info : MESSAGE.error;
      void connection.sendNotification('window/showMessage', { type, message: outcome.text });
    }
    return outcome;
  });
}

function readArgument(given: unknown): Argument {
  if (typeof given === 'object' && given !== null && 'uri' in given) {
    const { uri } = given;
    const name = 'name' in given ? given.name : undefined;
    const input = 'input' in given ? given.input : undefined;
    if (typeof uri === 'string' && isTextOrNone(name) && isTextOrNone(input))
      return { uri, name, input };
  }
  throw new ResponseError(INVALID_PARAMS, 'the argument is an object with the `uri` of a policy');
}

function isTextOrNone(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function failed(text: string): CommandOutcome {
  return { ok: false, text };
}

async function runTests(
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  name: string | undefined,
): Promise<CommandOutcome> {
  const packageName = packageNameOf(document.source);
  if (packageName === undefined) return failed('the policy has no package');
  return host.runTests(sourcesAround(workspace, document), { package: packageName, name });
}

async function decide(
  connection: Connection,
  host: ServerHost,
  workspace: Workspace,
  document: PolicyDocument,
  given: string | undefined,
): Promise<CommandOutcome | null> {
  const packageName = packageNameOf(document.source);
  if (packageName === undefined) return failed('the policy has no package');
  const uri = given ?? (await chooseInput(connection, host, document));
  if (uri === null) return null;
  if (uri === undefined)
    return failed(
      'there is no input to decide about: write input.json, or NAME.input.json, beside the policy',
    );
  const text = host.readFile(uri);
  if (text === undefined) return failed(`${host.nameOf(uri)} cannot be read`);
  const input = { name: host.nameOf(uri), text };
  return host.decide(sourcesAround(workspace, document), packageName, input);
}

/** The only input there is, or the one the user chooses; undefined where there is none, null where nothing is chosen. */
async function chooseInput(
  connection: Connection,
  host: ServerHost,
  { uri }: PolicyDocument,
): Promise<string | undefined | null> {
  const inputs = host.inputsFor(uri).slice(0, MAX_OFFERED);
  const [first, second] = inputs;
  if (first === undefined || second === undefined) return first?.uri;
  const actions = inputs.map(({ title }) => ({ title }));
  const message = 'Which input is decided about?';
  const chosen: unknown = await connection.sendRequest('window/showMessageRequest', {
    type: MESSAGE.info,
    message,
    actions,
  });
  const title =
    typeof chosen === 'object' && chosen !== null && 'title' in chosen ? chosen.title : '';
  return inputs.find((one) => one.title === title)?.uri ?? null;
}

/** The present texts of a document and of those that can say something of it. */
function sourcesAround(workspace: Workspace, document: PolicyDocument): readonly Source[] {
  return workspace.neighboursOf(document).map(({ source }) => source);
}
