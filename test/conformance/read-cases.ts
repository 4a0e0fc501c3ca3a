/**
 * Cases of OPA's evaluation suite as data, one JSON object a line. Read with the engine's own JSON reader, because a third of
 * what they test is lost when numbers become doubles. Fields: ../../../shared/conformance/README.md.
 */
import { readFileSync } from 'node:fs';
import { isArray, isObject } from '../../engine/value/compare.ts';
import { readJson } from '../../engine/value/json.ts';
import type { RegoObject } from '../../engine/value/object.ts';
import type { Value } from '../../engine/value/value.ts';

export interface ConformanceCase {
  readonly id: string;
  readonly tier: string;
  readonly query: string;
  readonly modules: readonly string[];
  readonly data: RegoObject | undefined;
  readonly input: Value | undefined;
  /** The input as Rego term text, for what JSON cannot say. */
  readonly inputTerm: string | undefined;
  readonly wantResult: readonly RegoObject[] | undefined;
  readonly wantError: string | undefined;
  readonly wantErrorCode: string | undefined;
  /** The error comes only under strict builtin errors. */
  readonly strictError: boolean;
  readonly sortBindings: boolean;
}

/** Reads a file of cases. Throws for a line that is no case: the file is part of the test, not its subject. */
export function readCases(file: string): readonly ConformanceCase[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readCase);
}

function readCase(line: string): ConformanceCase {
  const reading = readJson(line);
  if (!reading.ok || !isObject(reading.value)) throw new Error(`not a case: ${line.slice(0, 80)}`);
  const fields = reading.value;
  const list = (name: string): readonly Value[] => {
    const value = fields.get(name);
    return isArray(value) ? value : [];
  };
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const data = fields.get('data');
  return {
    id: text('id') ?? '',
    tier: text('x_tier') ?? '',
    query: text('query') ?? '',
    modules: list('modules').map(String),
    data: isObject(data) ? data : undefined,
    input: fields.get('input'),
    inputTerm: text('input_term'),
    wantResult: fields.has('want_result') ? list('want_result').filter(isObject) : undefined,
    wantError: text('want_error'),
    wantErrorCode: text('want_error_code'),
    strictError: fields.get('strict_error') === true,
    sortBindings: fields.get('sort_bindings') === true,
  };
}
