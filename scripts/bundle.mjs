// Joins compiled modules into the files that are run and published:
//
// dist/threads/  what each kind of thread runs, an entry each and what several share: a cluster loads its
//                code once per thread, and 150 modules take V8 and Node several times as long as a dozen.
//                V8 keeps the text, so it is without comments and blanks; what parsing one file takes is
//                given back seldom, so they are no larger than they come.
// dist/lib/      the package's entries and the command line, with all that they use but the packages that
//                are dependencies; what is bundled needs not be installed. Its licences lie beside it.
// dist/types/    the declarations that the entries' ones lead to.
// dist/plots/    what a report's page is drawn with.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { LUA_PACKAGE } from './lua-wasm.mjs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // They are installed: a second copy would be of no use, and what is exchanged must be one class.
  external: Object.keys(manifest.dependencies),
  metafile: true,
  logLevel: 'warning',
};

/** What applications import. */
const LIBRARY = {
  index: 'dist/src/index.js',
  keyv: 'dist/src/adapters/keyv.js',
  fastify: 'dist/src/adapters/fastify.js',
};

/** Too, but it is for those who look for it: made of what a node's thread is, it lies beside that. */
const SIMULATOR = 'dist/src/sim/index.js';

const MUSEUM = 'dist/src/sim/museum.js';

const STORM = 'dist/src/sim/storm.js';

/** The command line has no copy of the simulator. */
const withoutSimulator = {
  name: 'without-simulator',
  setup(bundler) {
    const filter = /^\.\.\/sim\/(?:explore|museum|storm)\.js$/;
    bundler.onResolve({ filter }, ({ path: imported }) => ({
      // As seen from dist/lib/cli.
      path: `../../threads/${imported.endsWith('explore.js') ? 'sim.js' : imported.slice('../sim/'.length)}`,
      external: true,
    }));
  },
};

/**
 * The package brings no TypeScript beside its library: the maps do, for stack traces and debuggers. Of
 * packages' sources the places are enough.
 */
const maps = { sourcemap: true, sourcesContent: true };
/**
 * Those of the threads are left out of the package (package.json, `files`): bundlers never see these files.
 * Here the sources lie beside them; and with --enable-source-maps, as Ava runs tests, each thread reads its
 * maps as it starts.
 */
const mapsOfThreads = { sourcemap: true, sourcesContent: false };

/** Some of what the command line uses is CommonJS and asks for Node's modules with require(). */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/** Text that a package is distributed with, by the names that people give it. */
const LICENCE_FILE = /^(licen[cs]e|copying|notice|third_party_notices)(\.|-|$)/i;

export async function bundle() {
  for (const folder of ['lib', 'threads', 'types', 'plots'])
    rmSync(`dist/${folder}`, { recursive: true, force: true });
  const results = await Promise.all([
    build({
      ...common,
      ...mapsOfThreads,
      entryPoints: {
        node: 'dist/actors/node.js',
        'sentinel-thread': 'dist/actors/sentinel-thread.js',
        coordinator: 'dist/actors/coordinator.js',
        'replay.worker': 'dist/src/lab/backlog/replay.worker.js',
        'sim.worker': 'dist/src/sim/sim.worker.js',
        'load-thread': 'dist/src/lab/load/load-thread.js',
        sim: SIMULATOR,
        museum: MUSEUM,
        storm: STORM,
      },
      outdir: 'dist/threads',
      entryNames: '[name]',
      chunkNames: 'shared-[hash]',
      splitting: true,
      minifyWhitespace: true,
      lineLimit: 160,
    }),
    build({
      ...common,
      ...maps,
      entryPoints: LIBRARY,
      outdir: 'dist/lib',
      entryNames: '[name]',
      chunkNames: 'shared-[hash]',
      splitting: true,
    }),
    build({
      ...common,
      entryPoints: { cli: 'dist/src/cli/main.js' },
      plugins: [withoutSimulator],
      outdir: 'dist/lib',
      chunkNames: 'cli/[name]-[hash]',
      splitting: true,
      banner: { js: REQUIRE },
    }),
  ]);
  copyTypes();
  leaveOutPackagesSources('dist/lib');
  mkdirSync('dist/plots', { recursive: true });
  for (const name of ['uPlot.iife.min.js', 'uPlot.min.css']) {
    cpSync(`node_modules/uplot/dist/${name}`, `dist/plots/${name}`);
  }
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(
    'dist/lib/THIRD-PARTY-LICENSES',
    licences(['node_modules/uplot/x', `${LUA_PACKAGE}/x`, ...inputs]),
  );
}

/** @param code - TypeScript in the repository's root. @returns the module's exports. */
export async function evaluate(code) {
  const { outputFiles } = await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    stdin: { contents: code, resolveDir: '.', loader: 'ts' },
    write: false,
  });
  return import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
}

function leaveOutPackagesSources(folder) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.map'))) {
    const map = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    const isPackages = (i) => map.sources[i].includes('node_modules/');
    map.sourcesContent = map.sourcesContent.map((text, i) => (isPackages(i) ? null : text));
    writeFileSync(path.join(folder, name), JSON.stringify(map));
  }
}

/** Nine in ten of the compiler's declarations are of no use to an application. */
function copyTypes() {
  const wanted = new Set(
    [...Object.values(LIBRARY), SIMULATOR].map((entry) => entry.replace(/\.js$/, '.d.ts')),
  );
  for (const file of wanted) {
    const text = readFileSync(file, 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g)) {
      wanted.add(`${path.join(path.dirname(file), target).replaceAll('\\', '/')}.d.ts`);
    }
    cpSync(file, file.replace(/^dist\//, 'dist/types/'));
  }
}

/** @param inputs - paths of the modules that were bundled. @returns one text of all their packages. */
function licences(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    // The innermost package: one may lie in another's node_modules.
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const texts = [...folders]
    .toSorted((a, b) => a.localeCompare(b, 'en'))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
      const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
      if (files.length === 0) throw new Error(`${folder} is bundled and has no licence text`);
      const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
      return `${name} ${version} (${license})\n\n${text.join('\n\n')}\n`;
    });
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return `What is bundled into ${manifest.name}'s files, and under which licences.\n${rule}${texts.join(rule)}`;
}
