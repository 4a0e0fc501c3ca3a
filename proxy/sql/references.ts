/**
 * What the walk notes where an expression names something: columns, calls, operators and types. Nothing is looked inside here.
 */
import type { Collector, Place } from './collector.ts';
import { BUILT_IN_OPERATORS, BUILT_IN_TYPES } from './pure-functions.ts';
import { noteSetting } from './settings.ts';
import { constantText, type Fields, list, strings, tagged } from './tree.ts';

/** Schema-less operators are taken for the built-in ones. */
const BUILT_IN_SCHEMAS: ReadonlySet<string> = new Set(['', 'pg_catalog']);

/** A name of one or more parts: a column, or the whole row of a relation. */
export function noteColumn(parts: readonly unknown[], place: Place, out: Collector): void {
  const names = strings(parts);
  const star = parts.some((part) => tagged(part)?.tag === 'A_Star');
  const written = [...names, ...(star ? ['*'] : [])].join('.');
  noteWritten(written, place, out);
  if (place.conflict && names[0] === 'excluded') return;
  if (star) {
    out.addBroad(place.flow);
    return;
  }
  const last = names.at(-1) ?? '';
  if (names.length === 1) out.addBare(last, place.flow);
  else out.addAttribute(names.length === 2 ? names[0] : undefined, last, place.flow);
}

function noteWritten(written: string, place: Place, out: Collector): void {
  if (place.filter) out.steering.add(written);
  else out.read.add(written);
  for (let output = place.output; output !== undefined; output = output.outer)
    output.columns.add(written);
}

/** `(expression).name` and `(expression).*`. */
export function noteFields(parts: readonly unknown[], place: Place, out: Collector): void {
  for (const part of parts) {
    if (tagged(part)?.tag === 'A_Star') out.addBroad(place.flow);
  }
  for (const name of strings(parts)) {
    noteWritten(name, place, out);
    out.addAttribute(undefined, name, place.flow);
  }
}

/** A call, whatever it is written as. */
export function noteCall(body: Fields, place: Place, out: Collector): void {
  const parts = strings(body['funcname']);
  const name = parts.at(-1) ?? '';
  // Syntax such as EXTRACT(...) is a call of pg_catalog although the text names no schema.
  const sugar = body['funcformat'] === 'COERCE_SQL_SYNTAX';
  const schema = sugar ? '' : parts.slice(0, -1).join('.');
  out.addFunction(schema, name);
  out.addCallEffect(schema, name, place.runs);
  out.addName(name, place.flow);
  const [setting, value] = list(body['args']);
  if (name === 'set_config' && place.runs) {
    noteSetting(constantText(setting), constantText(value), out);
  }
}

/** An operator outside the built-in ones runs code the text does not show. */
export function noteOperator(name: readonly string[], out: Collector): void {
  const schema = name.slice(0, -1).join('.');
  if (!BUILT_IN_SCHEMAS.has(schema) || !BUILT_IN_OPERATORS.has(name.at(-1) ?? '')) {
    out.addOpaqueCall(`operator ${name.join('.')}`);
  }
}

/** A type outside the built-in ones may run code of its owner. */
export function noteType(names: readonly string[], out: Collector): void {
  const schema = names.slice(0, -1).join('.');
  const name = names.at(-1) ?? '';
  if (!BUILT_IN_SCHEMAS.has(schema) || !BUILT_IN_TYPES.has(name)) {
    out.addOpaqueCall(`type ${names.join('.')}`);
  }
}
