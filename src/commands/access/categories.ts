/**
 * The categories by which access rules name commands, and COMMAND shows them.
 *
 * @see redis/redis 7.0.15 src/acl.c, ACLCommandCategories; src/server.c, setImplicitACLCategories()
 */
import type { CommandFacts, CommandFlag } from '../facts.js';

/** In the order they are shown. */
export const CATEGORIES: readonly string[] = [
  'keyspace',
  'read',
  'write',
  'set',
  'sortedset',
  'list',
  'hash',
  'string',
  'bitmap',
  'hyperloglog',
  'geo',
  'stream',
  'pubsub',
  'admin',
  'fast',
  'slow',
  'blocking',
  'dangerous',
  'connection',
  'transaction',
  'scripting',
];

/** @returns the categories, those included that flags imply. */
export function aclCategories(spec: CommandFacts): string[] {
  const has = (flag: CommandFlag): boolean => spec.flags.includes(flag);
  const categories = new Set<string>(spec.acl);
  if (has('write')) categories.add('write');
  if (has('readonly') && !categories.has('scripting')) categories.add('read');
  if (has('admin')) categories.add('admin').add('dangerous');
  if (has('pubsub')) categories.add('pubsub');
  if (has('blocking')) categories.add('blocking');
  categories.add(has('fast') ? 'fast' : 'slow');
  return CATEGORIES.filter((category) => categories.has(category));
}
