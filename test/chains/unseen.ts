/** What DEBUG DIGEST does not see: streams' groups, and libraries of functions. */
import type { RespClient } from '../support/resp-client.js';

/** As many as random streams select. */
const DATABASES = 3;

/** @returns a text that is the same where they are. @param client - its database is changed. */
export async function readUnseen(client: RespClient): Promise<string> {
  const found: unknown[] = [await readLibraries(client)];
  for (let db = 0; db < DATABASES; db++) {
    await client.value('SELECT', String(db));
    const keys = await client.value('KEYS', '*');
    for (const key of Array.isArray(keys) ? keys.map(String).toSorted() : []) {
      const bytes = Buffer.from(key, 'latin1');
      if ((await client.value('TYPE', bytes)) !== '+stream') continue;
      found.push(key, await readGroups(client, bytes));
    }
  }
  await client.value('SELECT', '0');
  return JSON.stringify(found);
}

/** Their code; Redis lists libraries, and the functions of each, in no order. */
async function readLibraries(client: RespClient): Promise<string[]> {
  const libraries = await client.value('FUNCTION', 'LIST', 'WITHCODE');
  if (!Array.isArray(libraries)) return [];
  return libraries
    .map((library: unknown) => (Array.isArray(library) ? String(library.at(-1)) : ''))
    .toSorted();
}

/**
 * Of each group its name, the last id it has read, and who has which entries pending. How many
 * entries it has read, how often and when one was delivered, and a consumer that has none, are not
 * in the stream of writes: Redis' replicas do not know them either.
 */
async function readGroups(client: RespClient, key: Buffer): Promise<unknown[]> {
  const groups = await client.value('XINFO', 'GROUPS', key);
  const found: unknown[] = [];
  for (const group of Array.isArray(groups) ? groups : []) {
    if (!Array.isArray(group)) continue;
    // name, its value, consumers, their count, pending, its count, last-delivered-id, it, …
    const [, name, , , , pending, , lastId] = group.map(String);
    const bytes = Buffer.from(name ?? '', 'latin1');
    const entries = await client.value('XPENDING', key, bytes, '-', '+', '10000');
    const owners = Array.isArray(entries)
      ? entries.map((entry: unknown) => (Array.isArray(entry) ? entry.slice(0, 2) : entry))
      : entries;
    found.push([name, pending, lastId, owners]);
  }
  return found;
}
