// Sessions of an Express application in connect-redis.
import { once } from 'node:events';

import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SERVERS } from './servers.js';

function application(client) {
  const app = express();
  const store = new RedisStore({ client, prefix: 'shop:', ttl: 60 });
  app.use(session({ store, secret: 'a secret', resave: false, saveUninitialized: false }));
  app.get('/login/:name', (request, response) => {
    request.session.name = request.params.name;
    response.json({});
  });
  app.get('/visit', (request, response) => {
    request.session.visits = (request.session.visits ?? 0) + 1;
    response.json({ name: request.session.name, visits: request.session.visits });
  });
  app.get('/logout', (request, response) => request.session.destroy(() => response.json({})));
  return { app, store };
}

describe.each(SERVERS)('on %s', (_, start) => {
  let server;
  let client;
  let store;
  let listener;
  let base;

  beforeAll(async () => {
    server = await start();
    client = createClient({ url: `redis://127.0.0.1:${server.port}` });
    await client.connect();
    const { app, store: made } = application(client);
    store = made;
    listener = app.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    base = `http://127.0.0.1:${listener.address().port}`;
  });

  afterAll(async () => {
    listener.closeAllConnections();
    listener.close();
    client.destroy();
    await server.stop();
  });

  const get = async (path, cookie) => {
    const response = await fetch(base + path, {
      headers: cookie === undefined ? {} : { cookie },
    });
    const [set] = response.headers.getSetCookie();
    return { body: await response.json(), cookie: set?.split(';')[0] };
  };

  test('a visitor is known from request to request, until it leaves', async () => {
    const ada = await get('/login/ada');
    const bob = await get('/login/bob');
    expect(ada.cookie).not.toBe(bob.cookie);
    await get('/visit', ada.cookie);
    expect((await get('/visit', ada.cookie)).body).toEqual({ name: 'ada', visits: 2 });
    expect((await get('/visit', bob.cookie)).body).toEqual({ name: 'bob', visits: 1 });
    const ids = await store.ids();
    expect(ids).toHaveLength(2);
    const ttl = await client.ttl(`shop:${ids[0]}`);
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(60);
    await get('/logout', ada.cookie);
    expect(await store.length()).toBe(1);
    expect((await get('/visit', ada.cookie)).body).toEqual({ visits: 1 });
    expect((await store.all()).some(({ name }) => name === 'bob')).toBe(true);
    await store.clear();
    expect(await store.length()).toBe(0);
  });
});
