/**
 * Up to where collections are held as one block: the directives that the core obeys
 * (src/core/assembly/collections/layout.ts).
 */
import { integer, memory } from './kinds.js';
import { Setting } from './setting.js';

const INT_MAX = 2 ** 31 - 1;
const LONG_MAX = 2 ** 63;

/** A limit's directive under its name, and under that of older versions if it had another. */
function limit(name: string, kind: ReturnType<typeof integer>, value: number) {
  const older = name.replace('listpack', 'ziplist');
  return new Setting(name, kind, value, older === name ? {} : { aliases: [older] });
}

/** Elements are a number, lengths of elements bytes. */
export class CollectionLimits {
  readonly hashMaxListpackEntries = limit('hash-max-listpack-entries', integer(0, LONG_MAX), 512);
  readonly hashMaxListpackValue = limit('hash-max-listpack-value', memory(0, LONG_MAX), 64);
  readonly setMaxIntsetEntries = limit('set-max-intset-entries', integer(0, LONG_MAX), 512);
  readonly zsetMaxListpackEntries = limit('zset-max-listpack-entries', integer(0, LONG_MAX), 128);
  readonly zsetMaxListpackValue = limit('zset-max-listpack-value', memory(0, LONG_MAX), 64);
  /** Of a node; negative: one of five classes of bytes. */
  readonly listMaxListpackSize = limit('list-max-listpack-size', integer(-(2 ** 31), INT_MAX), -2);
  readonly streamNodeMaxBytes = limit('stream-node-max-bytes', memory(0, LONG_MAX), 4096);
  readonly streamNodeMaxEntries = limit('stream-node-max-entries', integer(0, LONG_MAX), 100);

  /** All of them. */
  get settings(): readonly Setting<number>[] {
    return Object.values(this).filter((field) => field instanceof Setting);
  }
}
