/** A module with the text it was parsed from. */
import type { Module } from '../ast/nodes.ts';
import type { Source } from '../source.ts';

/** What the checker starts from. */
export interface ParsedModule {
  readonly source: Source;
  readonly module: Module;
}
