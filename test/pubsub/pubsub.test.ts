import test from 'ava';
import { PubSub, type Subscriber } from '../../src/pubsub/pubsub.js';

function subscriber(resp: 2 | 3 = 2): Subscriber & { heard: Uint8Array[] } {
  const heard: Uint8Array[] = [];
  return {
    resp,
    channels: new Set(),
    patterns: new Set(),
    shardChannels: new Set(),
    heard,
    send: (bytes) => void heard.push(bytes),
  };
}
const bytes = (text: string): Buffer => Buffer.from(text);

test('listeners of one protocol share the bytes of a message', (t) => {
  const pubsub = new PubSub();
  const all = [subscriber(2), subscriber(3), subscriber(2)];
  for (const each of all) pubsub.subscribe(each, bytes('a'));
  t.is(pubsub.publish(bytes('a'), 'hi'), 3);
  const [first, second, third] = all.map(({ heard }) => heard.at(-1));
  t.is(first, third);
  t.is(String(first), '*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n');
  t.is(String(second), '>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n');
});

test('one who is gone is forgotten everywhere, without a word', (t) => {
  const pubsub = new PubSub();
  const gone = subscriber();
  pubsub.subscribe(gone, bytes('a'));
  pubsub.psubscribe(gone, bytes('*'));
  const heard = gone.heard.length;
  pubsub.drop(gone);
  t.is(pubsub.publish(bytes('a'), 'x'), 0);
  t.is(gone.heard.length, heard);
  t.is(pubsub.channelCount + pubsub.patternCount, 0);
});

test('names are bytes: two that are no UTF-8 stay apart', (t) => {
  const pubsub = new PubSub();
  const listener = subscriber();
  pubsub.subscribe(listener, Buffer.from([0xff]));
  t.is(pubsub.publish(Buffer.from([0xfe]), 'x'), 0);
  t.is(pubsub.publish(Buffer.from([0xff]), 'x'), 1);
  t.deepEqual(pubsub.channels(), [Buffer.from([0xff])]);
});
