/**
 * The flags of Node with which an actor's thread starts: a choice of the process' own.
 *
 * A worker inherits them all unless told otherwise, and many are about the user's program: with
 * `--input-type=module` a thread refuses its own file, `--import tsx` and `-r` load in every thread
 * what only the user's code needs, and `--unhandled-rejections=none` would let an actor live on
 * after a broken invariant. What helps to see into a thread is kept: profiles, warnings, traces,
 * source maps. V8's own flags hold for the whole process and need no passing on; a debugger reaches
 * the threads through the main thread's inspector.
 */

/** How a worker is started: options of `new Worker`. */
export interface ThreadFlags {
  readonly execArgv: string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Flags that are kept, up to a `=`. Those of them that take a value are below as well. */
const KEPT: ReadonlySet<string> = new Set([
  '--cpu-prof',
  '--cpu-prof-dir',
  '--cpu-prof-interval',
  '--cpu-prof-name',
  '--disable-warning',
  '--enable-source-maps',
  '--heap-prof',
  '--heap-prof-dir',
  '--heap-prof-interval',
  '--heap-prof-name',
  '--no-deprecation',
  '--no-warnings',
  '--pending-deprecation',
  '--trace-deprecation',
  '--trace-exit',
  '--trace-uncaught',
  '--trace-warnings',
]);

/** Those whose value may be an argument of its own. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '--cpu-prof-dir',
  '--cpu-prof-interval',
  '--cpu-prof-name',
  '--disable-warning',
  '--heap-prof-dir',
  '--heap-prof-interval',
  '--heap-prof-name',
]);

/**
 * The flags for a thread of a process.
 *
 * @param execArgv - the process' own.
 * @param env - likewise; of its NODE_OPTIONS the same flags are kept.
 */
export function threadFlags(
  execArgv: readonly string[] = process.execArgv,
  env: NodeJS.ProcessEnv = process.env,
): ThreadFlags {
  const { NODE_OPTIONS: options = '', ...rest } = env;
  return { execArgv: [...kept(words(options)), ...kept(execArgv)], env: rest };
}

function kept(flags: readonly string[]): string[] {
  const result: string[] = [];
  for (const [i, flag] of flags.entries()) {
    const [name = ''] = flag.split('=', 1);
    if (!KEPT.has(name)) continue;
    const value = flags[i + 1];
    if (flag !== name || !WITH_VALUE.has(name)) result.push(flag);
    else if (value !== undefined) result.push(`${name}=${value}`);
  }
  return result;
}

/**
 * NODE_OPTIONS as Node reads it: words between spaces, a double quote holds spaces together, and in
 * quotes a backslash takes the next character as it is.
 *
 * @see nodejs/node 20.20 src/node.cc, ParseNodeOptionsEnvVar()
 */
function words(options: string): string[] {
  const found = options.match(/(?:"(?:[^"\\]|\\.)*"?|[^\s"])+/g) ?? [];
  return found.map((word) =>
    word.replace(/"((?:[^"\\]|\\.)*)"?/g, (_, inside: string) => inside.replace(/\\(.)/g, '$1')),
  );
}
