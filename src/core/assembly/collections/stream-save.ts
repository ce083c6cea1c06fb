/**
 * Writing streams in RDB: nodes as they are, facts, and groups with what is pending.
 *
 * @see redis/redis 7.0.15 src/rdb.c, rdbSaveObject(), rdbSaveStreamPEL()
 */
import {
  writeLength,
  writeLength64,
  writePlain,
  writeRaw,
  writeString,
  writeU64,
} from '../snapshot/writer';
import { entriesOf, entryIn, idCount, leafAt, leafCount } from './id-map';
import { packBytes } from './listpack';
import { rootBlock } from './root';
import { lengthOf, NODE_PACK, nodesOf } from './stream';
import { listCount, listItem } from './stream-groups';
import {
  CONSUMER_NAME,
  CONSUMER_SEEN,
  DELIVERED_AT,
  DELIVERIES,
  GROUPS,
  GROUP_CONSUMERS,
  GROUP_LAST,
  GROUP_NAME,
  GROUP_READ,
  LAST_ID,
  LENGTH,
  PENDING,
} from './stream-layout';

const ID: usize = memory.data(16);

export function saveStream(root: usize): void {
  const stream = rootBlock(root);
  const nodes = nodesOf(stream);
  writeLength(idCount(nodes));
  const leaves = leafCount(nodes);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(nodes, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      saveNode(entryIn(nodes, leaf, j));
    }
  }
  saveTail(stream);
}

/** @param node - its id, and its listpack, as in the map of nodes. */
export function saveNode(node: usize): void {
  const pack: usize = load<u32>(node, NODE_PACK);
  putId(node);
  writePlain(ID, 16);
  writePlain(pack, packBytes(pack));
}

/** What follows the nodes. */
export function saveTail(stream: usize): void {
  writeLength64(lengthOf(stream));
  for (let at: usize = LAST_ID; at < <usize>LENGTH; at += 8) writeLength64(load<u64>(stream + at));
  const groups: usize = load<u32>(stream, GROUPS);
  const count = listCount(groups);
  writeLength(count);
  for (let i: u32 = 0; i < count; i++) saveGroup(listItem(groups, i));
}

function saveGroup(group: usize): void {
  writeString(group + GROUP_NAME, load<u32>(group));
  writeLength64(load<u64>(group, GROUP_LAST));
  writeLength64(load<u64>(group, GROUP_LAST + 8));
  writeLength64(load<u64>(group, GROUP_READ));
  savePending(load<u32>(group, PENDING), true);
  const consumers: usize = load<u32>(group, GROUP_CONSUMERS);
  const count = listCount(consumers);
  writeLength(count);
  for (let i: u32 = 0; i < count; i++) {
    const consumer = listItem(consumers, i);
    writeString(consumer + CONSUMER_NAME, load<u32>(consumer));
    writeU64(load<u64>(consumer, CONSUMER_SEEN));
    savePending(load<u32>(consumer, PENDING), false);
  }
}

function savePending(pending: usize, isGroups: bool): void {
  writeLength(idCount(pending));
  const leaves = leafCount(pending);
  for (let i: u32 = 0; i < leaves; i++) {
    const leaf = leafAt(pending, i);
    const count = entriesOf(leaf);
    for (let j: u32 = 0; j < count; j++) {
      const entry = entryIn(pending, leaf, j);
      putId(entry);
      writeRaw(ID, 16);
      if (!isGroups) continue;
      writeU64(load<u64>(entry, DELIVERED_AT));
      writeLength64(load<u64>(entry, DELIVERIES));
    }
  }
}

/** Put an entry's id where it can be written from, as RDB has it: big-endian. */
function putId(entry: usize): void {
  store<u64>(ID, bswap<u64>(load<u64>(entry)));
  store<u64>(ID, bswap<u64>(load<u64>(entry, 8)), 8);
}
