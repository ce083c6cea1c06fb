/** What npm publishes: small, complete, without install scripts, and fit to be bundled. */
import test from 'ava';
import { build, type Format } from 'esbuild';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

import { type PackedProject, packedProject, readManifest, ROOT } from '../support/packed.js';

const run = promisify(execFile);
const MB = 1e6;

let project: PackedProject;
test.before(async () => {
  project = await packedProject();
});
test.after.always(() => project?.remove());

/** The packages that npm installs with this one, itself not counted, by folder. */
function installedWith(folder: string, found = new Set<string>()): Set<string> {
  const { dependencies, optionalDependencies, bundleDependencies = [] } = readManifest(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const target = path.join(ROOT, 'node_modules', name);
    if (bundleDependencies.includes(name) || found.has(target) || !existsSync(target)) continue;
    found.add(target);
    installedWith(target, found);
  }
  return found;
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

test('at most 15 packages and 10 MB are installed, and none has an install script', (t) => {
  const others = [...installedWith(project.installed)];
  t.true(others.length >= 3 && others.length < 15, others.join());
  const bytes = others.reduce((sum, folder) => sum + bytesBelow(folder), project.unpackedSize);
  t.true(bytes < 10 * MB, `${(bytes / MB).toFixed(1)} MB`);
  const bundled = project.files
    .filter((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(file))
    .map((file) => path.join(project.installed, path.dirname(file)));
  t.true(bundled.length >= 1);
  for (const folder of [project.installed, ...bundled, ...others]) {
    const { scripts = {} } = readManifest(folder);
    t.is(scripts['preinstall'] ?? scripts['install'] ?? scripts['postinstall'], undefined, folder);
    t.false(existsSync(path.join(folder, 'binding.gyp')), folder);
  }
});

test('modules and declarations import nothing but what is installed', (t) => {
  const { dependencies = {} } = readManifest(project.installed);
  const ours = project.files.filter((file) => /^dist\/.*\.(?:js|d\.ts)$/.test(file));
  t.true(ours.length > 50);
  for (const file of ours) {
    const text = readFileSync(path.join(project.installed, file), 'utf8');
    // A bundle's imports stand at the beginnings of lines, or are calls.
    const imports = text.matchAll(
      /(?:^(?:import|export)\b[^'"\n]*\bfrom|^\} from|^import|\bimport\()\s*['"]([^'"\n]+)['"]/gm,
    );
    for (const [, specifier = ''] of imports) {
      if (specifier.startsWith('.')) {
        const target = path.join(project.installed, path.dirname(file), specifier);
        const real = file.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target;
        t.true(existsSync(real), `${file} imports ${specifier}`);
      } else {
        const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
        // Who takes an adapter has what it adapts to.
        const isAdapted = file === `dist/types/src/adapters/${name}.d.ts`;
        t.true(
          isBuiltin(specifier) || name in dependencies || isAdapted,
          `${file} imports ${specifier}`,
        );
      }
    }
  }
});

test('a source map brings our sources, and no module that is imported names one that is not there', (t) => {
  const scripts = project.files.filter((file) => /^dist\/lib\/.*\.js$/.test(file));
  for (const file of scripts) {
    const text = readFileSync(path.join(project.installed, file), 'utf8');
    const [, map] = /^\/\/# sourceMappingURL=(.*)$/m.exec(text) ?? [];
    if (map === undefined) continue;
    const { sources, sourcesContent } = JSON.parse(
      readFileSync(path.join(project.installed, path.dirname(file), map), 'utf8'),
    );
    t.is(sourcesContent.length, sources.length, file);
    t.true(
      sources.every(
        (name: string, i: number) =>
          name.includes('node_modules/') !== (typeof sourcesContent[i] === 'string'),
      ),
      file,
    );
  }
});

test('classes have their names, which errors and console.log() show', async (t) => {
  const library = await import(path.join(project.installed, 'dist/lib/index.js'));
  const classes = Object.entries(library).filter(([, value]) => /^class\b/.test(String(value)));
  t.true(classes.length >= 2);
  for (const [name, value] of classes) t.is(Object(value).name, name);
  const cluster = await library.Cluster.start({ replicas: 0, sentinels: 0 });
  try {
    t.is((await cluster.cache()).constructor.name, 'Cache');
  } finally {
    await cluster.stop();
  }
});

test('what is bundled has its licence in the package', (t) => {
  const text = readFileSync(path.join(project.installed, 'dist/lib/THIRD-PARTY-LICENSES'), 'utf8');
  for (const name of ['asciichart', 'cli-table3', 'commander', 'ora', 'uplot', 'yaml', 'zod']) {
    t.regex(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([\\w-]+\\)\\n\\n.*\\n`, 'm'), name);
  }
  t.true(text.split('Permission').length > 10, 'texts, not names alone');
});

const APPLICATION = `
import { Cluster } from 'ringleader';
async function main() {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 1 });
  const client = cluster.client();
  await client.set('key', 'value');
  const cache = await cluster.cache();
  await cache.set('one', 'two');
  console.log(String(await client.get('key')), cache.getSync('one'));
  await cluster.stop();
}
main();
`;

const FORMATS: readonly (readonly [Format, string])[] = [
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
];
for (const [format, extension] of FORMATS) {
  test(`an application is bundled with it as one file, ${format}, and finds its threads`, async (t) => {
    const entry = path.join(project.folder, `app-${format}.mjs`);
    const outfile = path.join(project.folder, 'out', `app.${extension}`);
    writeFileSync(entry, APPLICATION);
    const { warnings } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format,
      outfile,
      // Its only warning would be of import.meta, which CommonJS does not have.
      logOverride: { 'empty-import-meta': 'silent' },
      logLevel: 'silent',
    });
    t.deepEqual(warnings, []);
    const { stdout } = await run(process.execPath, [outfile], { cwd: project.folder });
    t.is(stdout, 'value two\n');
  });
}

test('the command line runs from the package, its plots included', async (t) => {
  const cli = path.join(project.installed, 'dist/lib/cli.js');
  const { stdout: version } = await run(process.execPath, [cli, '--version']);
  t.regex(version, /^\d+\.\d+\.\d+\n$/);
  const page = path.join(project.folder, 'backlog.html');
  const words = ['backlog', '--rate', '1mb', '--outage', '5s', '--duration', '10m', '--html', page];
  await run(process.execPath, [cli, ...words], { cwd: project.folder });
  t.regex(readFileSync(page, 'utf8'), /uPlot/);
});
