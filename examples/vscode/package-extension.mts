/**
 * Makes `sallyport-policy.vsix`, the file an editor installs: this folder and the libraries its client needs, taken from the
 * project's own `node_modules`. Nothing is downloaded.
 *
 * Usage: npm run -s package:vscode [FILE]
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

interface Manifest {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly version: string;
  readonly publisher: string;
  readonly engines: { readonly vscode: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

const HERE = import.meta.dirname;
const SHIPPED = [
  'package.json',
  'extension.js',
  'language-configuration.json',
  'README.md',
  'syntaxes/policy.tmLanguage.json',
  'snippets/policy.json',
];
const CONTENT_TYPES = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".md" ContentType="text/markdown"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>
`;

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

function vsixManifest(manifest: Manifest): string {
  const { displayName, description, engines, name, publisher, version } = manifest;
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(name)}" Version="${escaped(version)}" Publisher="${escaped(publisher)}"/>
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Categories>Programming Languages,Linters,Formatters,Snippets</Categories>
    <Properties><Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(engines.vscode)}"/></Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

/** Folders of a package's dependencies and theirs, by the path they have below `node_modules`. */
function dependencyFolders(folder: string, found: Map<string, string>): Map<string, string> {
  const resolve = createRequire(join(folder, 'package.json')).resolve.paths('x') ?? [];
  for (const name of Object.keys(readManifest(folder).dependencies ?? {})) {
    const place = resolve.map((path) => join(path, name)).find(isPackage);
    if (place === undefined) throw new Error(`${name} is not installed: run npm ci`);
    const key = place.slice(place.indexOf('node_modules'));
    if (found.has(key)) continue;
    found.set(key, place);
    dependencyFolders(place, found);
  }
  return found;
}

function isPackage(folder: string): boolean {
  try {
    return readManifest(folder).version !== undefined;
  } catch {
    return false;
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('node_modules') && /\.(c?js|json)$|^licen[cs]e/i.test(name))
    .sort();
}

const archive: Zippable = {
  '[Content_Types].xml': Buffer.from(CONTENT_TYPES),
  'extension.vsixmanifest': Buffer.from(vsixManifest(readManifest(HERE))),
};
for (const name of SHIPPED) archive[`extension/${name}`] = readFileSync(join(HERE, name));
for (const [place, folder] of dependencyFolders(HERE, new Map()))
  for (const name of filesOf(folder))
    archive[`extension/${place}/${name}`] = readFileSync(join(folder, name));

const target = process.argv[2] ?? join(dirname(HERE), 'vscode', 'sallyport-policy.vsix');
const bytes = zipSync(archive, { mtime: new Date('2026-01-01T00:00:00Z') });
writeFileSync(target, bytes);
console.log(
  `${relative(process.cwd(), target)}: ${Object.keys(archive).length} files, ${bytes.length} bytes`,
);
