/** What the language server is given by its host: it reads no files and knows neither the engine nor the contract by heart. */
import type { CheckOptions } from '../check/options.ts';
import type { LintSettings } from '../lint/lint.ts';
import type { Source } from '../source.ts';

/** A policy file of the workspace. */
export interface WorkspaceFile {
  readonly uri: string;
  readonly text: string;
}

export interface ServerHost {
  readonly checkOptions: CheckOptions;
  readonly lintSettings: () => LintSettings;
  /** The policy files below a workspace folder. */
  readonly readFolder: (uri: string) => readonly WorkspaceFile[];
  /** The text of a file as it lies on the disk; undefined where there is none. */
  readonly readFile: (uri: string) => string | undefined;
  /** Rules that are read by their names from outside of the policies. */
  readonly decisionNames: ReadonlySet<string>;
  /** The name a file is reported and configured by. */
  readonly nameOf: (uri: string) => string;
  /** What the input schemas say of a path such as `input.action.sql.statements[]`; undefined where there is no such path. */
  readonly describeInput: (path: string) => InputField | undefined;
  /** What a builtin does, in a sentence or two; undefined where nothing is known of it. */
  readonly describeBuiltin: (name: string) => string | undefined;
  /** The address of the page that explains the code of a diagnostic; undefined where there is none. */
  readonly pageOf: (code: string) => string | undefined;
  /** Runs the tests of a package, of one name where it is given. It tells what is wrong by the outcome and never throws for it. */
  readonly runTests: (sources: readonly Source[], tests: AskedTests) => Promise<CommandOutcome>;
  /** What a package decides about an input, a JSON text. It tells what is wrong by the outcome and never throws for it. */
  readonly decide: (
    sources: readonly Source[],
    packageName: string,
    input: Source,
  ) => Promise<CommandOutcome>;
  /** Files with inputs for a policy, the nearest first. */
  readonly inputsFor: (uri: string) => readonly InputFile[];
}

export interface AskedTests {
  readonly package: string;
  readonly name: string | undefined;
}

/** What a command came to, as a person reads it. */
export interface CommandOutcome {
  /** Every test passed; the action is allowed. */
  readonly ok: boolean;
  readonly text: string;
}

export interface InputFile {
  readonly uri: string;
  /** Its name as the folder of the policy reaches it. */
  readonly title: string;
}

/** A place of the input, from its schema. */
export interface InputField {
  readonly description: string | undefined;
  /** The fields below it with their descriptions. */
  readonly fields: ReadonlyMap<string, string>;
}
