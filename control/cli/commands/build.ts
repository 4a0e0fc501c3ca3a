/**
 * `sallyport build`: what the compiler makes of policies: the plan, for readers, and a stand-alone ES module that decides without this
 * program.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { type Command, Option } from 'commander';
import { nodeAt } from '../../../engine/interpret/rule-tree.ts';
import type { ModuleContract } from '../../../engine/module/write-module.ts';
import type { PolicySet } from '../../../engine/policy-set.ts';
import { ControlError } from '../../error.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../find-paths.ts';
import { configOption } from '../options.ts';
import { harmless, plural } from '../print.ts';

/** What the documents of a decision are called. */
const DECISION_NAMES = ['allow', 'block', 'require_approval', 'mask'] as const;

interface BuildOptions {
  readonly config: string;
  readonly target?: 'module';
  readonly output?: string;
  readonly entrypoint: readonly string[];
  readonly printPlan?: boolean;
}

export function register(program: Command): void {
  program
    .command('build')
    .description('print the plan of policies, or write them as a stand-alone ES module')
    .argument('[PATHS...]', 'files and folders; those of the configuration when left out')
    .addOption(configOption())
    .addOption(new Option('--target <TARGET>', 'what to write').choices(['module']))
    .option(
      '-o, --output <FILE>',
      'the module to write, `policy.js`; its types and source map go beside it',
    )
    .addOption(
      new Option(
        '-e, --entrypoint <PATH>',
        'a package that decides, as `access`, or a rule or package to evaluate, as `app/roles`; may be given again',
      )
        .argParser((path: string, before: readonly string[]) => [...before, path])
        .default([], 'all that decide'),
    )
    .option('--print-plan', 'print the plan')
    .action(async (paths: readonly string[], options: BuildOptions) => {
      if (options.printPlan !== true && options.target === undefined)
        throw new ControlError('usage/invalid', 'neither --print-plan nor --target is given', {
          hint: 'add --print-plan, or --target module with --output FILE',
        });
      const { readPolicyFiles } = await import('../../policies/read-files.ts');
      const { compileFiles } = await import('../../policies/compile.ts');
      const files = readPolicyFiles(await findPaths(paths, options.config));
      const named = options.entrypoint.map((name) => name.replaceAll('/', '.'));
      if (options.printPlan === true) await printPlan(compileFiles(files), named);
      if (options.target !== undefined) {
        // Documents are asked with inputs of any shape; what decides is checked against the contract.
        const loose = compileFiles(files, 'none');
        const contract = chosenContract(loose, named);
        const policySet = contract.packages.length === 0 ? loose : compileFiles(files);
        await writeModuleFiles(policySet, contract, options.output);
      }
      process.exitCode = EXIT.ok;
    });
}

/** What was named: packages that decide, and other places of rules; all that decide where nothing was. */
function chosenContract(policySet: PolicySet, named: readonly string[]): ModuleContract {
  const deciding = decidingPackages(policySet);
  const unknown = named.find((name) => !deciding.includes(name) && !isDocument(policySet, name));
  if (unknown !== undefined)
    throw new ControlError('build/entrypoint', `there is no rule and no package ${unknown}`, {
      hint: `packages that decide: ${deciding.join(', ') || 'none'}; any other rule is named as app/roles`,
    });
  const packages = named.length > 0 ? named.filter((name) => deciding.includes(name)) : deciding;
  const entrypoints = named
    .filter((name) => !deciding.includes(name))
    .map((name) => name.replaceAll('.', '/'));
  if (packages.length + entrypoints.length > 0) return { packages, entrypoints };
  throw new ControlError('build/entrypoint', 'no package decides anything', {
    hint: 'name what the module shall evaluate: --entrypoint app/roles; a decision is made by the rules allow, block, require_approval and mask of a package',
  });
}

/** Rules or packages stand at a place; a function is called, not asked. */
function isDocument({ tree }: PolicySet, name: string): boolean {
  const node = nodeAt(tree, name.split('.'));
  return node !== undefined && node.kind !== 'function';
}

/** Packages with one of the four documents, in the order of their names. */
function decidingPackages(policySet: PolicySet): readonly string[] {
  const deciding = new Set<string>();
  for (const { module, rules } of policySet.modules.modules) {
    const depth = module.package.path.length;
    if (rules.some(({ path }) => DECISION_NAMES.some((name) => name === path[depth])))
      deciding.add(module.package.path.join('.'));
  }
  return [...deciding].sort();
}

/** Of all packages, or of those named: what they ask others is called by its name. */
async function printPlan(policySet: PolicySet, named: readonly string[]): Promise<void> {
  const { programText } = await import('../../../engine/plan/plan-text.ts');
  const program = policySet.code.plannedProgram();
  const text = programText(
    program,
    ({ node }) =>
      named.length === 0 || named.some((name) => `${node.path.join('.')}.`.startsWith(`${name}.`)),
  );
  console.log(harmless(text));
  const packages = decidingPackages(policySet).filter(
    (name) => named.length === 0 || named.includes(name),
  );
  if (packages.length > 0) console.log(harmless(`\n${await decisionPlan(policySet, packages)}`));
}

/** How decisions by these packages are made. */
async function decisionPlan(policySet: PolicySet, packages: readonly string[]): Promise<string> {
  const made = policySet.code.decisionCode(policySet, packages);
  if (typeof made === 'string')
    return `decision by ${packages.join(', ')}: left to the interpreter: ${made}`;
  const { decisionText } = await import('../../../engine/plan/decision-text.ts');
  return decisionText(packages, made.plan, made.program);
}

async function writeModuleFiles(
  policySet: PolicySet,
  contract: ModuleContract,
  output: string | undefined,
): Promise<void> {
  if (output === undefined || !['.js', '.mjs'].includes(extname(output)))
    throw new ControlError(
      'build/output',
      output === undefined
        ? 'a module needs a file to be written to'
        : `\`${output}\` is not the name of a module`,
      {
        hint: 'name one that ends in .js or .mjs: --output policy.js',
      },
    );
  const { moduleText } = await import('../../build/module-text.ts');
  const { declarationText } = await import('../../build/declarations.ts');
  const module = moduleText(policySet, contract, basename(output));
  const { text, map, packages: installed, interpreted } = module;
  const types = output.replace(/js$/, 'd.ts').replace(/\.md\.ts$/, '.d.mts');
  write(output, text);
  write(`${output}.map`, JSON.stringify(map));
  write(types, declarationText(policySet, contract));
  const asked = [...contract.packages, ...contract.entrypoints];
  console.log(`${output}: ${asked.join(', ')}, ${Math.ceil(text.length / 1_024)} KiB`);
  if (interpreted !== undefined)
    console.error(harmless(`warning: it interprets the policies, which is slow: ${interpreted}`));
  console.log(
    installed.length === 0
      ? 'it needs nothing but itself'
      : `it needs ${plural(installed.length, 'package')} installed: ${installed.join(', ')}`,
  );
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (cause) {
    throw new ControlError('build/output', `${file} cannot be written`, { cause });
  }
}
