import test from 'ava';

import { BacklogTtl } from '../../src/replication/backlog-ttl.js';

const alone = { isMaster: true, replicas: 0, ttlSeconds: 2 };

test('a backlog is given up once nobody has followed for longer than its time, and once only', (t) => {
  const backlog = new BacklogTtl(1000);
  t.false(backlog.isOver(alone, 3000));
  t.true(backlog.isOver(alone, 3001));
  t.false(backlog.isActive);
  t.false(backlog.isOver(alone, 9000));
  backlog.use();
  t.true(backlog.isActive);
});

test('a replica, or a master, keeps it; the time begins when they have gone', (t) => {
  const backlog = new BacklogTtl(0);
  t.false(backlog.isOver({ ...alone, replicas: 1 }, 5000));
  t.false(backlog.isOver({ ...alone, isMaster: false }, 9000));
  t.false(backlog.isOver(alone, 11_000));
  t.true(backlog.isOver(alone, 11_001));
});

test('0 is for ever', (t) => {
  t.false(new BacklogTtl(0).isOver({ ...alone, ttlSeconds: 0 }, 10 ** 12));
});
