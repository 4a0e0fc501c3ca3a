/** What the language server is given by its host: it reads no files and knows neither the engine nor the contract by heart. */
import type { CheckOptions } from '../check/options.ts';
import type { LintSettings } from '../lint/lint.ts';

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
}

/** A place of the input, from its schema. */
export interface InputField {
  readonly description: string | undefined;
  /** The fields below it with their descriptions. */
  readonly fields: ReadonlyMap<string, string>;
}
