import test from 'ava';

import { connectErrorText } from '../../src/io/connect-error.js';

const refused = (address: string): Error => new Error(`connect ECONNREFUSED ${address}`);

test('of several addresses that were tried, the first one’s error is told', (t) => {
  // What Node throws of localhost, where that has both: without a message.
  const both = new AggregateError([refused('::1:6379'), refused('127.0.0.1:6379')]);
  t.is(connectErrorText(both), 'connect ECONNREFUSED ::1:6379');
  t.is(connectErrorText(refused('::1:1')), 'connect ECONNREFUSED ::1:1');
  t.is(connectErrorText(new AggregateError([])), '');
});
