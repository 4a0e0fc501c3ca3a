/**
 * Puts ES modules together to one text: each becomes a function that gives back what it exports, in the order in which they need one
 * another. It reads the plain forms of import and export this project writes (named, or a namespace); types are stripped by Node.
 * Packages are carried as long as they are one such module, otherwise they stay imports.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ControlError } from '../error.ts';

/** Modules of one output; beyond it something is imported that was not meant to be. */
const MAX_MODULES = 400;

const IMPORT = /^import\s+(?:\*\s+as\s+(\w+)|\{([^}]*)\})\s+from\s+'([^']+)';[^\S\n]*$/gm;
const EXPORT_FROM = /^export\s+\{([^}]*)\}\s+from\s+'([^']+)';[^\S\n]*$/gm;
const EXPORT_LIST = /^export\s+\{([^}]*)\};[^\S\n]*$/gm;
const EXPORT_DECLARATION = /^export\s+((?:async\s+)?function\*?|const|class)\s+(\w+)/gm;
const LEFT_OVER = /^(?:import|export)\b.*$/m;

export interface LinkedModules {
  /** Imports that are left, then the modules; defines `nameOf` each of them. */
  readonly text: string;
  /** The variable that holds what a file exports. */
  readonly nameOf: (file: string) => string;
  /** Packages that have to be installed. */
  readonly packages: readonly string[];
}

/** Links what these files need. Throws `build/unlinkable` for a form it does not know. */
export function linkModules(files: readonly string[]): LinkedModules {
  const linker = new Linker();
  for (const file of files) linker.add(file);
  return linker.link();
}

class Linker {
  readonly #names = new Map<string, string>();
  readonly #outside = new Map<string, string>();
  readonly #texts: string[] = [];

  add(file: string): string {
    const known = this.#names.get(file);
    if (known !== undefined) return known;
    if (this.#names.size >= MAX_MODULES) throw unlinkable(file, `more than ${MAX_MODULES} modules`);
    // A module that needs itself would find a name without a value: there are none, a lint sees to it.
    const name = `$m${this.#names.size}`;
    this.#names.set(file, name);
    this.#texts.push(this.#wrapped(file, name));
    return name;
  }

  link(): LinkedModules {
    const imports = [...this.#outside].map(
      ([from, name]) => `import * as ${name} from ${JSON.stringify(from)};`,
    );
    return {
      text: [...imports, ...this.#texts].join('\n'),
      nameOf: (file) => {
        const name = this.#names.get(file);
        if (name === undefined) throw unlinkable(file, 'it was not linked');
        return name;
      },
      packages: [...this.#outside.keys()].filter((from) => !from.startsWith('node:')),
    };
  }

  #wrapped(file: string, name: string): string {
    const exported: string[] = [];
    const text = readModule(file)
      .replace(IMPORT, (_, whole: string | undefined, list: string | undefined, from: string) => {
        const names = specifiers(list ?? '');
        if (whole === undefined && names.length === 0) return '';
        const source = this.#sourceOf(file, from);
        if (whole !== undefined) return `const ${whole} = ${source};`;
        const bound = names.map(([one, other]) => (one === other ? one : `${one}: ${other}`));
        return `const { ${bound.join(', ')} } = ${source};`;
      })
      .replace(EXPORT_FROM, (_, list: string, from: string) => {
        const names = specifiers(list);
        if (names.length === 0) return '';
        const source = this.#sourceOf(file, from);
        for (const [one, other] of names) exported.push(`${other}: ${source}.${one}`);
        return '';
      })
      .replace(EXPORT_LIST, (_, list: string) => {
        for (const [one, other] of specifiers(list))
          exported.push(one === other ? one : `${other}: ${one}`);
        return '';
      })
      .replace(EXPORT_DECLARATION, (_, kind: string, own: string) => {
        exported.push(own);
        return `${kind} ${own}`;
      });
    const left = LEFT_OVER.exec(text);
    if (left !== null) throw unlinkable(file, `\`${left[0]}\``);
    const body = text.replace(/^[^\S\n]*\n/gm, '').trimEnd();
    return `const ${name} = (() => {\n${body}\nreturn { ${exported.join(', ')} };\n})();`;
  }

  #sourceOf(file: string, from: string): string {
    if (from.startsWith('.') || from.startsWith('/')) return this.add(resolve(dirname(file), from));
    const carried = from.startsWith('node:') ? undefined : singleModule(from);
    if (carried !== undefined) return this.add(carried);
    let name = this.#outside.get(from);
    if (name === undefined) {
      name = `$o${this.#outside.size}`;
      this.#outside.set(from, name);
    }
    return name;
  }
}

/** `a, b as c, type D` without what was a type. */
function specifiers(list: string): readonly (readonly [string, string])[] {
  return list.split(',').flatMap((part) => {
    const [one, , other = one] = part.trim().split(/\s+/);
    return one === undefined || one === '' || one === 'type' || other === undefined
      ? []
      : [[one, other] as const];
  });
}

function readModule(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (extname(file) !== '.ts') return text;
  const { emitWarning } = process;
  // It says on standard error that stripping is experimental; what is stripped here is tested.
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The file of a package that is one module without imports. */
function singleModule(name: string): string | undefined {
  const file = fileURLToPath(import.meta.resolve(name));
  const text = readFileSync(file, 'utf8');
  const isOne = !/^import\b|\brequire\(/m.test(text) && /^export \{/m.test(text);
  return isOne ? file : undefined;
}

function unlinkable(file: string, what: string): ControlError {
  return new ControlError('build/unlinkable', `${file} cannot be carried: ${what}`);
}
