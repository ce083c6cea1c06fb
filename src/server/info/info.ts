/**
 * INFO: the state of a node as text, with Redis' sections and fields in Redis' order.
 *
 * What has no counterpart here (forks, Lua, modules) is reported as Redis reports
 * it when it is not used, because monitoring tools expect the fields.
 *
 * @see redis/redis 7.0 src/server.c, genRedisInfoString()
 */
import type { InfoFields } from '../../commands/node/observation.js';
import { commandFields, errorFields, latencyFields } from './info-commands.js';
import {
  clientFields,
  cpuFields,
  persistenceFields,
  sectionText,
  serverFields,
} from './info-fields.js';
import { memoryFields } from './info-memory.js';
import type { InfoSource } from './info-source.js';
import { statsFields } from './info-stats.js';

interface Section {
  readonly name: string;
  readonly title: string;
  /** Shown without asking for it. */
  readonly byDefault: boolean;
  readonly fields: (node: InfoSource, nowMs: number) => InfoFields;
}

const SECTIONS: readonly Section[] = [
  { name: 'server', title: 'Server', byDefault: true, fields: serverFields },
  { name: 'clients', title: 'Clients', byDefault: true, fields: clientFields },
  { name: 'memory', title: 'Memory', byDefault: true, fields: memoryFields },
  { name: 'persistence', title: 'Persistence', byDefault: true, fields: persistenceFields },
  { name: 'stats', title: 'Stats', byDefault: true, fields: statsFields },
  {
    name: 'replication',
    title: 'Replication',
    byDefault: true,
    fields: ({ replication }) => replication.info(),
  },
  { name: 'cpu', title: 'CPU', byDefault: true, fields: cpuFields },
  { name: 'modules', title: 'Modules', byDefault: true, fields: () => [] },
  { name: 'commandstats', title: 'Commandstats', byDefault: false, fields: commandFields },
  { name: 'errorstats', title: 'Errorstats', byDefault: true, fields: errorFields },
  { name: 'latencystats', title: 'Latencystats', byDefault: false, fields: latencyFields },
  {
    name: 'cluster',
    title: 'Cluster',
    byDefault: true,
    fields: () => [['cluster_enabled', 0]],
  },
  { name: 'keyspace', title: 'Keyspace', byDefault: true, fields: keyspaceFields },
];

/**
 * @param asked - names of sections, in lower case; none: those shown by default.
 * @returns the sections, separated by empty lines; names that are no section are passed over.
 */
export function infoText(node: InfoSource, nowMs: number, asked: readonly string[]): string {
  const everything = asked.includes('all') || asked.includes('everything');
  const defaults = asked.length === 0 || asked.includes('default');
  const chosen = SECTIONS.filter(
    ({ name, byDefault }) => everything || (defaults && byDefault) || asked.includes(name),
  );
  return chosen.map(({ title, fields }) => sectionText(title, fields(node, nowMs))).join('\r\n');
}

function keyspaceFields({ keyspace }: InfoSource): InfoFields {
  const fields: [string, string][] = [];
  for (let index = 0; index < keyspace.databases; index++) {
    const db = keyspace.db(index);
    const keys = db.size();
    const expires = db.expiresSize();
    if (keys > 0) {
      fields.push([`db${index}`, `keys=${keys},expires=${expires},avg_ttl=${db.avgTtl()}`]);
    }
  }
  return fields;
}
