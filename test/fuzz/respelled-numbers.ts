/** The same case with each number spelled in one way: `1` for `1.0`, `1e0` and `1.00`. */
import { visit } from '../../lang/ast/visit.ts';
import { parseModule } from '../../lang/parse.ts';
import type { FuzzCase } from './generate-module.ts';

/** Above all integers that are generated as keys. */
const FIRST_OWN_KEY = 5_000_001;

/** The case respelled, its input too; the base document stays. */
export function respelledNumbers(example: FuzzCase): FuzzCase {
  return { modules: example.modules.map(respelled), input: respelledJson(example.input) };
}

/** Has a rule's head a number for one of its keys? */
export function hasNumberInHead(example: FuzzCase): boolean {
  return example.modules.some((text) => {
    const { module } = parseModule({ name: 'fuzz.rego', text });
    return module?.rules.some(({ head }) =>
      head.ref.path.some(({ term }) => term.kind === 'Number'),
    );
  });
}

/** The case with an integer of its own for each number key of an object literal that is no plain integer. */
export function wholeKeys(example: FuzzCase): FuzzCase {
  const made = new Map<string, string>();
  const whole = (text: string): string => {
    if (/^\d{1,15}$/.test(text)) return text;
    const known = made.get(text) ?? String(FIRST_OWN_KEY + made.size);
    made.set(text, known);
    return known;
  };
  return { ...example, modules: example.modules.map((text) => rewritten(text, whole, true)) };
}

function respelled(text: string): string {
  return rewritten(text, spelling, false);
}

function rewritten(text: string, write: (number: string) => string, onlyKeys: boolean): string {
  const { module } = parseModule({ name: 'fuzz.rego', text });
  const places: { readonly start: number; readonly end: number; readonly made: string }[] = [];
  if (module === undefined) return text;
  visit(module, {
    Number(node, ancestors) {
      const parent = ancestors.at(-1);
      const isKey = parent?.kind === 'ObjectEntry' && parent.key === node;
      if (isKey || !onlyKeys) places.push({ ...node.span, made: write(node.text) });
      return undefined;
    },
  });
  return places
    .toSorted((a, b) => b.start - a.start)
    .reduce((made, at) => `${made.slice(0, at.start)}${at.made}${made.slice(at.end)}`, text);
}

/** Numbers of JSON text, outside of its strings. */
function respelledJson(json: string): string {
  return json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (part) =>
    part.startsWith('"') ? part : spelling(part),
  );
}

function spelling(text: string): string {
  const value = Number(text);
  const isExact = Number.isSafeInteger(value) || /\./.test(text);
  return isExact && Math.abs(value) < Number.MAX_SAFE_INTEGER
    ? String(value === 0 ? 0 : value)
    : text;
}
