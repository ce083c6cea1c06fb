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
 * Of each group its name, the last id it has read, and what its consumers have pending. How many
 * entries it has read is not in the stream of writes: Redis' replicas do not know it either.
 */
async function readGroups(client: RespClient, key: Buffer): Promise<unknown[]> {
  const groups = await client.value('XINFO', 'GROUPS', key);
  const found: unknown[] = [];
  for (const group of Array.isArray(groups) ? groups : []) {
    if (!Array.isArray(group)) continue;
    const name = Buffer.from(String(group[1]), 'latin1');
    const consumers = await client.value('XINFO', 'CONSUMERS', key, name);
    found.push(
      group.slice(0, 8), // Without entries-read and the lag that follows from it.
      // Without when each was last seen: that is of the server.
      Array.isArray(consumers) ? consumers.map((each: unknown) => withoutIdle(each)) : consumers,
      await pending(client, key, name),
    );
  }
  return found;
}

function withoutIdle(consumer: unknown): unknown {
  return Array.isArray(consumer) ? consumer.slice(0, 4) : consumer;
}

/**
 * Entries and who has them. When and how often they were delivered Redis' replicas are not told
 * where a consumer reads again what it has pending.
 */
async function pending(client: RespClient, key: Buffer, name: Buffer): Promise<unknown> {
  const entries = await client.value('XPENDING', key, name, '-', '+', '10000');
  if (!Array.isArray(entries)) return entries;
  return entries.map((entry: unknown) => (Array.isArray(entry) ? entry.slice(0, 2) : entry));
}
