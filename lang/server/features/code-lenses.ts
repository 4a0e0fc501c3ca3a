/**
 * Code lenses: "Run test" at each test, "Run tests" at the package, "Decide" at the rules that decide. From tokens, so that they do
 * not come and go while a text is typed.
 */

import type { IToken } from 'chevrotain';
import type { CodeLens } from 'vscode-languageserver';
import { scanTokens } from '../../parse.ts';
import type { Source } from '../../source.ts';
import { tokenSpan } from '../../syntax/scan.ts';
import { Dot, Identifier, LParen, PackageKeyword } from '../../syntax/tokens.ts';
import type { ServerHost } from '../ports.ts';
import type { PolicyDocument } from '../workspace.ts';

/** Commands that `workspace/executeCommand` takes, each with one argument. */
export const COMMANDS = {
  /** `{uri, name?}`: the tests of that name in the package of the document, all of them without a name. */
  runTest: 'sallyport.runTest',
  /** `{uri, input?}`: what the package of the document decides about an input file, which is asked for where it is not given. */
  decide: 'sallyport.decide',
} as const;

/** The lenses of a document, in the order of the text. */
export function codeLenses(
  { decisionNames }: ServerHost,
  { uri, source, map }: PolicyDocument,
): readonly CodeLens[] {
  const { tokens } = scanTokens(source);
  const lens = (token: IToken, title: string, command: string, extra: object = {}): CodeLens => ({
    range: map.rangeOf(tokenSpan(token)),
    command: { title, command, arguments: [{ uri, ...extra }] },
  });
  const decided = new Set<string>();
  const lenses: CodeLens[] = [];
  let tests = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.tokenType !== Identifier || !isAtLineStart(source, token)) continue;
    const { image } = token;
    if (image.startsWith('test_') && tokens[at + 1]?.tokenType !== LParen) {
      tests += 1;
      lenses.push(lens(token, 'Run test', COMMANDS.runTest, { name: image }));
    } else if (decisionNames.has(image) && !decided.has(image)) {
      decided.add(image);
      lenses.push(lens(token, 'Decide', COMMANDS.decide));
    }
  }
  const [first] = tokens;
  if (tests === 0 || first === undefined) return lenses;
  return [
    lens(first, tests === 1 ? 'Run 1 test' : `Run ${tests} tests`, COMMANDS.runTest),
    ...lenses,
  ];
}

/** The package a text names, `team.access`; undefined where it names none. */
export function packageNameOf(source: Source): string | undefined {
  const { tokens } = scanTokens(source);
  const from = tokens.findIndex(({ tokenType }) => tokenType === PackageKeyword) + 1;
  let name = tokens[from]?.image ?? '';
  for (let at = from + 1; tokens[at]?.tokenType === Dot; at += 2)
    name += `.${tokens[at + 1]?.image ?? ''}`;
  return from === 0 || name === '' ? undefined : name;
}

function isAtLineStart({ text }: Source, { startOffset }: IToken): boolean {
  return startOffset === 0 || text[startOffset - 1] === '\n';
}
