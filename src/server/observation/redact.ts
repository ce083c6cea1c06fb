/**
 * Which arguments of a command are secrets: what is logged or shown has other words in their place.
 *
 * @see redis/redis 7.0.15 src/networking.c, redactClientCommandArgument()
 */
import { wordArg } from '../../commands/arguments.js';
import { fullName } from '../../commands/facts.js';
import type { Resolved } from '../../commands/table.js';

const REDACTED = Buffer.from('(redacted)');

const SECRET_SETTINGS = new Set([
  'requirepass',
  'masterauth',
  'primaryauth',
  'masteruser',
  'primaryuser',
  'tls-key-file-pass',
  'tls-client-key-file-pass',
]);

/** @returns the arguments, the secrets among them replaced. */
export function withoutSecrets(
  { spec, container }: Resolved,
  args: readonly Buffer[],
): readonly Buffer[] {
  const find = SECRETS[fullName(spec, container)];
  if (find === undefined) return args;
  const secrets = new Set(find(args));
  return args.map((arg, index) => (secrets.has(index) ? REDACTED : arg));
}

/** By command: where in its arguments the secrets are. */
const SECRETS: Readonly<Record<string, ((args: readonly Buffer[]) => number[]) | undefined>> = {
  'acl|setuser': (args) => [...args.keys()].slice(2),
  auth: (args) => [...args.keys()].slice(1),
  hello(args) {
    const at = args.findIndex((arg, index) => index > 1 && wordArg(arg) === 'auth');
    return at < 0 ? [] : [at + 1, at + 2];
  },
  migrate(args) {
    const secrets: number[] = [];
    for (let at = 6; at < args.length; at++) {
      const word = wordArg(args[at]);
      if (word === 'keys') break;
      const count = word === 'auth' ? 1 : word === 'auth2' ? 2 : 0;
      for (let more = 0; more < count; more++) secrets.push(++at);
    }
    return secrets;
  },
  'config|set': (args) =>
    [...args.keys()].filter(
      (index) => index > 2 && index % 2 === 1 && SECRET_SETTINGS.has(wordArg(args[index - 1])),
    ),
};
