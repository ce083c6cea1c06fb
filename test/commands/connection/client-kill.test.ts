import test from 'ava';
import { LoneNode } from '../../support/lone-node.js';
import { plain, RespClient } from '../../support/resp-client.js';

test("a sentinel's CLIENT KILL spares the cluster's own clients, nobody else's does", async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const connect = async (origin: 'network' | 'sentinel' | 'cluster'): Promise<RespClient> => {
    const client = await RespClient.connect(node.port);
    const id = plain(await client.call('CLIENT', 'ID'));
    for (const each of node.services.clients.all()) if (each.id === id) each.origin = origin;
    return client;
  };
  const sentinel = await connect('sentinel');
  const ours = await connect('cluster');
  const stranger = await connect('network');
  t.like(await sentinel.call('CLIENT', 'KILL', 'TYPE', 'normal'), { value: 1 });
  await stranger.closed();
  t.like(await ours.call('PING'), { text: 'PONG' });
  const other = await connect('network');
  t.like(await other.call('CLIENT', 'KILL', 'TYPE', 'normal'), { value: 2 });
  await ours.closed();
  await sentinel.closed();
  other.close();
});
