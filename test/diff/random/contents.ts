/** What a server holds, key by key, in a form that can be compared. */
import { encodeCommand } from '../../../src/resp/encode-command.js';
import { plain, type RespClient } from '../../support/resp-client.js';
import { dumped, isClose, text, type Value, withoutTimes } from './same.js';

/** As many as random streams select. */
const DATABASES = 3;

interface KeyState {
  readonly type: Value;
  /** A string itself; of other types a digest, which has no consumer groups in it. */
  readonly value: Value;
  /** Of a stream, without the times in them, nor how its entries lie in memory. */
  readonly groups: string;
  /** What DUMP gives, as far as it must be the same; null where it was not asked. */
  readonly payload: Value;
  /** As OBJECT says; null where it was not asked. */
  readonly encoding: Value;
  /** Unix ms; -1: never. */
  readonly expiresAt: Value;
}

/** By database and key. */
export type Contents = ReadonlyMap<string, KeyState>;

/** @param client - nobody else's; its database is changed. */
export async function readContents(client: RespClient, withEncoding: boolean): Promise<Contents> {
  const found = new Map<string, KeyState>();
  for (let db = 0; db < DATABASES; db++) {
    await client.value('SELECT', String(db));
    const listed = await client.value('KEYS', '*');
    if (!Array.isArray(listed)) throw new Error(`KEYS said ${text(listed)}`);
    const keys = listed.map((key: unknown) => Buffer.from(String(key), 'latin1'));
    const questions = keys.flatMap((key) => [
      ['TYPE', key],
      ['GET', key],
      ['DEBUG', 'DIGEST-VALUE', key],
      ['PEXPIRETIME', key],
      ['XINFO', 'STREAM', key, 'FULL', 'COUNT', '0'],
      withEncoding ? ['OBJECT', 'ENCODING', key] : ['ECHO', ''],
      withEncoding ? ['DUMP', key] : ['ECHO', ''],
    ]);
    client.write(Buffer.concat(questions.map((question) => encodeCommand(question))));
    const answers = (await client.take(questions.length)).map(plain);
    for (const [i, key] of keys.entries()) {
      const [type, string, digest, expiresAt, stream, encoding, dump] = answers.slice(i * 7);
      const value = type === '+string' ? string : text(digest);
      const groups = type === '+stream' ? groupsOf(stream) : '';
      const payload = withEncoding ? dumped(dump) : null;
      const state = { type, value, groups, payload, expiresAt, encoding };
      found.set(`${db}/${key.toString('latin1')}`, state);
    }
  }
  return found;
}

function groupsOf(stream: Value): string {
  return text(withoutTimes(stream)).replace(/"radix-tree-\w+",\d+,/g, '');
}

/**
 * @param slackMs - by how much expiries may differ.
 * @returns a line for each key that is not the same.
 */
export function contentsDifferences(
  [oneName, one]: readonly [string, Contents],
  [otherName, other]: readonly [string, Contents],
  slackMs: number,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .toSorted()
    .filter((key) => !isSame(one.get(key), other.get(key), slackMs))
    .map(
      (key) =>
        `${text(key)}: ${oneName} ${text(one.get(key) ?? null)}, ` +
        `${otherName} ${text(other.get(key) ?? null)}`,
    );
}

function isSame(one: KeyState | undefined, other: KeyState | undefined, slackMs: number): boolean {
  if (one === undefined || other === undefined) return false;
  const isOfReplica = one.payload === null || other.payload === null;
  if (one.type !== other.type || one.value !== other.value) return false;
  // Redis tells its replicas who has read what, but not how many entries a group has read, nor of
  // consumers that have read nothing, nor of pending entries that were read again.
  const known = (groups: string): string =>
    isOfReplica
      ? groups
          .replace(/"entries-read",(?:-?\d+|null),"lag",(?:-?\d+|null),/g, '')
          .replace(/\["name","\w+","seen-time","a time","pel-count",0,"pending",\[\]\],?/g, '')
          .replaceAll('],]', ']]')
          .replaceAll(/"a time",\d+\]/g, '"a time"]')
      : groups;
  if (known(one.groups) !== known(other.groups)) return false;
  if (!isOfReplica && one.payload !== other.payload) return false;
  if (one.encoding !== '' && other.encoding !== '' && one.encoding !== other.encoding) return false;
  return isClose(one.expiresAt, other.expiresAt, slackMs);
}
