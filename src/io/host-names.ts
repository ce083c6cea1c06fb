/**
 * Host names looked up for a sentinel, IPv4 as Redis prefers it.
 *
 * @see redis/redis 7.0 src/anet.c, anetResolve()
 */
import { lookup } from 'node:dns/promises';

/** @returns the IP address behind a name, or null. */
export async function lookUp(host: string): Promise<string | null> {
  try {
    const found = await lookup(host, { all: true });
    return (found.find(({ family }) => family === 4) ?? found[0])?.address ?? null;
  } catch {
    return null;
  }
}

/** @returns those of the names that lead somewhere, and where. */
export async function lookUpAll(hosts: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(hosts)];
  const found = await Promise.all(names.map(lookUp));
  return new Map(
    names.flatMap((name, at) => {
      const ip = found[at] ?? null;
      return ip === null ? [] : [[name.toLowerCase(), ip] as const];
    }),
  );
}
