import test from 'ava';
import { RingOwner } from '../../src/backlog/ring-owner.js';
import { RingReader } from '../../src/backlog/ring-reader.js';
import { RingWriter, createMemory } from './ring-writer.js';

function parts(): {
  writer: RingWriter;
  reader: RingReader;
  owner: RingOwner;
  parked: () => number[];
} {
  const memory = createMemory();
  const owner = new RingOwner(memory);
  return {
    writer: new RingWriter(memory, 0x20000, 100),
    reader: new RingReader(memory),
    owner,
    parked: () => {
      const indexes: number[] = [];
      owner.takeParked((index) => indexes.push(index));
      return indexes;
    },
  };
}

test('every index from 0 to 63 can park, and is woken once', (t) => {
  const { reader, parked } = parts();
  const indexes = [0, 1, 31, 32, 62, 63];
  for (const index of indexes) t.true(reader.park(index, 0));
  t.deepEqual(parked(), indexes);
  t.deepEqual(parked(), []);
});

test('a reader that has not read everything does not park', (t) => {
  const { writer, reader, parked } = parts();
  writer.publish(10);
  t.false(reader.park(5, 0));
  t.deepEqual(parked(), []);
  t.true(reader.park(5, 10));
  t.deepEqual(parked(), [5]);
});

test('a request for a wake can be taken back, without touching the others', (t) => {
  const { reader, parked } = parts();
  reader.park(31, 0);
  reader.park(30, 0);
  reader.unpark(31);
  t.deepEqual(parked(), [30]);
});

test('readers see the heartbeat, the wanted ack and the history', (t) => {
  const { reader, owner } = parts();
  owner.beat(1_700_000_000_123.4);
  owner.setNotifyAt(2 ** 40);
  owner.nextHistory();
  t.true(reader.isBeating(1_700_000_001_122));
  t.false(reader.isBeating(1_700_000_001_123));
  t.is(reader.notifyAt(), 2 ** 40);
  t.is(reader.history(), 1);
  t.is(owner.history(), 1);
  owner.setNotifyAt(-1);
  t.is(reader.notifyAt(), -1);
});
