/**
 * What a lint rule is: detection only. Levels, ignore comments, configuration and the order of findings are the frame's matter.
 */
import type { NodeKind, NodeOfKind } from '../ast/child-keys.ts';
import type { Module, Node } from '../ast/nodes.ts';
import type { Source, Span } from '../source.ts';
import type { LintContract } from './contract.ts';
import type { LintIndex } from './lint-index.ts';

export const LINT_CATEGORIES = [
  'bugs',
  'security',
  'style',
  'idiomatic',
  'performance',
  'testing',
  'imports',
] as const;

export type LintCategory = (typeof LINT_CATEGORIES)[number];

export type LintLevel = 'error' | 'warning' | 'off';

/** `<category>/<rule>`, which is also where its page lies below docs/lint. */
export type LintRuleId = `${LintCategory}/${string}`;

/** A module that parsed without faults. */
export interface LintModule {
  readonly source: Source;
  readonly module: Module;
}

/** Text in place of a span. An edit never changes what a policy means. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A number a rule can be given in its configuration. */
export interface LintOption {
  /** What it says, in one clause. */
  readonly about: string;
  readonly default: number;
  /** The least it may be. */
  readonly least: number;
}

export interface LintContext extends LintModule {
  /** The module holds tests: the file is named `*_test.*`. */
  readonly isTest: boolean;
  /** Every module that is linted with it, itself included. */
  readonly index: LintIndex;
  /** What a decision and its input look like; without one, rules that ask for it are silent. */
  readonly contract: LintContract | undefined;
  /** The names of all rules there are, former names included. */
  readonly ruleNames: readonly string[];
  /** The path below `input` that a term stands for, members of a collection as `[]`; see `input-path.ts`. */
  readonly inputPath: (node: Node, ancestors: readonly Node[]) => string | undefined;
  /** An option as configured, else its default. */
  readonly option: (name: string) => number;
  /** Tells a finding; the message is one lower-case clause. `help` replaces the advice of the rule. */
  readonly report: (span: Span, message: string, fix?: Edit, help?: string) => void;
}

/** Functions by node kind, called before a node's children. `ancestors` runs from the root to the parent, valid during the call. */
export type LintVisitor = {
  readonly [K in NodeKind]?: (node: NodeOfKind<K>, ancestors: readonly Node[]) => void;
};

export interface LintRule {
  readonly id: LintRuleId;
  /** Names it had before; configuration and ignore comments may still use them. */
  readonly formerly?: readonly LintRuleId[];
  /** What it is reported as where nothing is configured; `off` for a rule that has to be asked for. */
  readonly level: LintLevel;
  /** What to do about it, in one clause. */
  readonly help: string;
  readonly options?: Readonly<Record<string, LintOption>>;
  /** Rules that tell the cause: where one of them has a finding at the same place, this one is silent. */
  readonly yieldsTo?: readonly LintRuleId[];
  /** Not asked about modules with tests. */
  readonly skipsTests?: true;
  readonly check: (context: LintContext) => LintVisitor;
}
