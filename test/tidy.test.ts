/**
 * The house rules, as tests: who may import whom, what the pure folders may not touch, names, size.
 *
 * Reads the TypeScript sources as text, from the repository's root (two levels above dist/test).
 */
import test from 'ava';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Strings, templates and regular expressions, whichever begins first. */
const LITERAL =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

function withoutLiterals(code: string): string {
  return code.replace(LITERAL, "''");
}

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Source {
  /** Path from the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** The text without comments, string contents kept. */
  readonly code: string;
}

function sourcesBelow(folder: string): Source[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((absolute) => {
      const text = readFileSync(absolute, 'utf8');
      const file = path.relative(root, absolute).split(path.sep).join('/');
      return { file, text, code: withoutComments(text) };
    });
}

/** Good enough for sources that a formatter has been over: no comment markers inside templates. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const sources = [...sourcesBelow('src'), ...sourcesBelow('actors')];
const assembly = 'src/core/assembly/';
const typescript = sources.filter(
  ({ file }) => !file.startsWith(assembly) || file.endsWith('/layout.ts'),
);

/**
 * What each place may import from, beside itself and `base`. The order is the architecture's
 * (docs/architecture.md): rules below, drivers above, an actor puts them together.
 */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  'drill/judge': ['resp', 'report'],
  resp: [],
  frame: ['resp'],
  core: ['resp'],
  backlog: ['core'],
  keyspace: ['core', 'resp'],
  rdb: ['core', 'keyspace'],
  config: ['resp'],
  pubsub: ['resp'],
  commands: ['resp', 'core', 'keyspace', 'config', 'pubsub', 'rdb'],
  server: ['resp', 'core', 'keyspace', 'config', 'pubsub', 'rdb', 'commands'],
  replication: ['resp', 'core', 'keyspace', 'rdb', 'backlog', 'frame'],
  persistence: ['core', 'rdb'],
  sentinel: ['resp', 'frame'],
  runtime: ['resp', 'frame', 'core'],
  report: [],
  io: [
    'resp',
    'runtime',
    'commands',
    'server',
    'replication',
    'persistence',
    'config',
    'pubsub',
    'report',
  ],
};
const layers = Object.keys(mayImport);

/** The folder of a file below src, or its top folder; the drill's judge is a place of its own. */
function place(file: string): string {
  const [top, second, third] = file.split('/');
  if (second === 'drill' && third === 'judge') return 'drill/judge';
  return top === 'src' ? (second ?? '') : (top ?? '');
}

function imports({ file, code }: Source): string[] {
  return [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) =>
    specifier!.startsWith('.')
      ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier!))
      : specifier!,
  );
}

test('imports go one way', (t) => {
  for (const source of typescript) {
    const from = place(source.file);
    const allowed = mayImport[from];
    if (allowed === undefined) continue; // actors, cluster, cli, lab: they put things together.
    for (const target of imports(source)) {
      if (!target.startsWith('src/') && !target.startsWith('actors/')) continue;
      const to = place(target);
      const fine = to === from || to === 'base' || allowed.includes(to);
      t.true(fine, `${source.file} imports ${target}: ${from} may not know ${to}`);
    }
  }
});

/** @returns files that import each other in a circle, along the way, the first of them again at the end. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] | null => {
    if (done.has(file)) return null;
    const met = way.indexOf(file);
    if (met >= 0) return [...way.slice(met), file];
    way.push(file);
    for (const target of graph.get(file) ?? []) {
      const found = visit(target);
      if (found !== null) return found;
    }
    way.pop();
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const found = visit(file);
    if (found !== null) return found;
  }
  return null;
}

/** Who imports whom, types included; AssemblyScript leaves the extension out. */
function importGraph(of: readonly Source[]): Map<string, string[]> {
  return new Map(
    of.map((source) => [
      source.file,
      imports(source).map((target) => `${target.replace(/\.js$/, '')}.ts`),
    ]),
  );
}

test('nothing imports itself, however far around, types included', (t) => {
  t.deepEqual(circle(importGraph(sources)), null);
  // A circle that is planted is found.
  const spec = sources.find(({ file }) => file === 'src/commands/facts.ts')!;
  const planted = `${spec.code}\nimport type { CommandContext } from './context.js';\n`;
  const others = sources.filter((source) => source !== spec);
  const found = circle(importGraph([...others, { ...spec, code: planted }]));
  t.true(found !== null && found.includes('src/commands/facts.ts'), found?.join(' → '));
});

test("a group's commands lie in its folder; beside the groups is what all of them share", (t) => {
  const loose = sources.filter(({ file }) => /^src\/commands\/[^/]+$/.test(file));
  t.true(loose.length <= 12, loose.map(({ file }) => file).join(', '));
});

test('every folder of src has its place in the order', (t) => {
  const tops = new Set([
    'cluster',
    'cache',
    'drill',
    'adapters',
    'cli',
    'lab',
    'index.ts',
    ...layers,
  ]);
  for (const { file } of sources) {
    if (file.startsWith('src/'))
      t.true(tops.has(place(file)), `${file}: ${place(file)} is unknown`);
  }
});

test('the rules touch no clock, dice, timer or node module', (t) => {
  const banned =
    /'node:|\bDate\.now\b|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\(|\bperformance\./;
  const outside = new Set([
    'adapters',
    'io',
    'runtime',
    'cluster',
    'cache',
    'drill',
    'cli',
    'lab',
    'actors',
  ]);
  // The sizing is rules as well, but for its edges.
  const edges = /\/(?:live|prometheus|cluster-replay|sweep|replay\.worker)\.ts$/;
  const isSizing = (file: string): boolean =>
    file.startsWith('src/lab/backlog/') && !edges.test(file);
  // So are these of the cache.
  const pureCache = /^src\/cache\/(?:codec|freshness|keys|options|ttl)\.ts$/;
  const isRules = (file: string): boolean =>
    !outside.has(place(file)) || isSizing(file) || pureCache.test(file);
  const exceptions = new Set(['src/core/core.ts', 'src/base/package-file.ts']); // They read its files.
  for (const { file, code } of typescript) {
    if (!isRules(file) || exceptions.has(file)) continue;
    const hit = banned.exec(code.replace(/import type[^;]+;/g, ''));
    t.is(hit, null, `${file} uses ${hit?.[0]}`);
  }
});

test('names, size and bans', (t) => {
  for (const { file, text, code } of sources) {
    t.regex(file, /^[a-z0-9/.-]+$/, `${file}: kebab-case`);
    t.notRegex(file, /\/utils?\.ts$/, `${file}: name it for what it holds`);
    t.true(text.split('\n').length <= 500, `${file} is over 500 lines: a second subject in it?`);
    t.regex(text, /^(?:#!.*\n)?(\/\*\*|\/\/)/, `${file} opens with what it is for`);
    t.notRegex(text, /\b(TODO|FIXME|XXX)\b/, `${file} leaves something for later`);
    t.notRegex(code, /^\s*export default\b/m, `${file} has a default export`);
    if (file.startsWith(assembly)) continue;
    t.notRegex(code, /^\s*(export )?(const )?enum\b/m, `${file} has an enum`);
    t.notRegex(code, /(:|<|as) any\b/, `${file} says any`);
    // SLAVEOF is a command, and its file exports it under its name.
    t.notRegex(withoutLiterals(code), /slave(?!of\b)/i, `${file}: "slave" is a word of the wire`);
  }
});

test('every unit test is run by the units.test.ts beside it', (t) => {
  const tests = sourcesBelow('test');
  const runners = tests.filter(({ file }) => file.endsWith('/units.test.ts'));
  const run = runners.flatMap(imports).map((file) => file.replace(/\.js$/, '.ts'));
  const units = tests.map(({ file }) => file).filter((file) => file.endsWith('.unit.ts'));
  t.true(units.length > 50);
  t.deepEqual(run.toSorted(), units.toSorted());
});
