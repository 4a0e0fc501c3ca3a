/**
 * What a lint rule is: detection only. Levels, ignore comments, configuration and the order of findings are the frame's matter.
 */
import type { Module } from '../ast/nodes.ts';
import type { Visitor } from '../ast/visit.ts';
import type { Source, Span } from '../source.ts';

export type LintCategory =
  | 'bugs'
  | 'security'
  | 'style'
  | 'idiomatic'
  | 'performance'
  | 'testing'
  | 'imports';

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

export interface LintContext extends LintModule {
  /** The module holds tests: the file is named `*_test.*`. */
  readonly isTest: boolean;
  /** Every module that is linted with it, itself included. */
  readonly modules: readonly LintModule[];
  /** Tells a finding; the message is one lower-case clause. */
  readonly report: (span: Span, message: string, fix?: Edit) => void;
}

export interface LintRule {
  readonly id: LintRuleId;
  /** What it is reported as where nothing is configured. */
  readonly level: Exclude<LintLevel, 'off'>;
  /** What to do about it, in one clause. */
  readonly help: string;
  /** Not asked about modules with tests. */
  readonly skipsTests?: true;
  readonly check: (context: LintContext) => Visitor;
}
