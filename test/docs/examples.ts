/**
 * The examples of README.md and docs/, as the files of a TypeScript project.
 *
 * Blocks marked js are taken as TypeScript too: what is shown to be typed has to compile as it
 * stands.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What fragments take for granted. */
const GIVEN = `
declare global {
  const Cluster: typeof import('ringleader').Cluster;
  const cluster: import('ringleader').Cluster;
  const client: import('ringleader').Client;
  const fastify: import('fastify').FastifyInstance;
}
export {};
`;

/** As strict as can be; libraries' own types are checked too, and there is no browser. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2022'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['*.mts', '*.d.ts'],
};

/**
 * @param root - the repository's.
 * @param folder - the project's: made, or emptied.
 * @param extra - more files, by name.
 * @returns how many examples there are.
 */
export function writeExamples(
  root: string,
  folder: string,
  extra: Readonly<Record<string, string>> = {},
): number {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const examples = documents(root).flatMap((document) =>
    examplesOf(document, readFileSync(path.join(root, document), 'utf8')),
  );
  const files = {
    'tsconfig.json': JSON.stringify(TSCONFIG),
    'given.d.ts': GIVEN,
    ...Object.fromEntries(examples),
    ...extra,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return examples.length;
}

function documents(root: string): string[] {
  const docs = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)];
}

/** Each is named for where it stands: `docs-cache-md-86.mts`, by its first line's number. */
function examplesOf(document: string, text: string): [name: string, code: string][] {
  return [
    ...text.matchAll(/^```(?:js|ts|mjs|mts|javascript|typescript)\b.*\n([\s\S]*?)^```/gm),
  ].map((match) => {
    const line = text.slice(0, match.index).split('\n').length + 1;
    // A module, whether it imports anything or not.
    const code = `${match[1]}export {};\n`;
    return [`${document.replaceAll(/[/.]/g, '-')}-${line}.mts`, code];
  });
}
