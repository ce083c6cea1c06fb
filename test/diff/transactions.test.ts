/** Transactions beside real Redis': what stands inside EXEC's array, and what ends one. */
import { testWithRedis as test } from '../support/real-redis.js';
import { startPair } from './compare.js';
import { compareBytes } from './raw.js';

test('what commands push inside EXEC stands among its replies', async (t) => {
  const pair = await startPair(t);
  await compareBytes(t, pair, [
    'MULTI | UNSUBSCRIBE | EXEC | PING',
    'MULTI | PUNSUBSCRIBE | EXEC | PING',
    'MULTI | SUBSCRIBE a b | PING | GET x | EXEC | PING',
    'MULTI | PSUBSCRIBE a* | PUNSUBSCRIBE | SUBSCRIBE x | UNSUBSCRIBE | EXEC | PING',
    'MULTI | SUBSCRIBE a | PUBLISH a 1 | EXEC | UNSUBSCRIBE a',
    'SUBSCRIBE a | MULTI | SUBSCRIBE b | PUBLISH a 1 | EXEC | RESET | GET x',
    'MULTI | HELLO 3 | SUBSCRIBE a | GET x | HELLO 2 | PUBLISH a 1 | EXEC',
    'CONFIG SET notify-keyspace-events KEA | MULTI | PSUBSCRIBE __key* | SET k 1 | INCR k | EXEC',
    'CONFIG SET notify-keyspace-events "" | MULTI | PSUBSCRIBE * | EXEC | RESET',
    'MULTI | SSUBSCRIBE s | PING | EXEC | PING',
    'MULTI | SUBSCRIBE a | SSUBSCRIBE s | SUNSUBSCRIBE | EXEC | PING',
    'HELLO 3 | SSUBSCRIBE s | MULTI | SSUBSCRIBE t | SUNSUBSCRIBE s | EXEC | PING',
    'MULTI | MONITOR | EXEC | PING',
    'MONITOR | MULTI | SET k 1 | GET k | EXEC | PING',
  ]);
});

test('CLIENT REPLY and CLIENT KILL inside EXEC are about the replies after them', async (t) => {
  const pair = await startPair(t);
  await compareBytes(t, pair, [
    'MULTI | CLIENT REPLY OFF | PING | GET k | GET k | EXEC | PING',
    'MULTI | CLIENT REPLY SKIP | PING | EXEC | PING | PING',
    'MULTI | CLIENT REPLY ON | PING | EXEC | PING',
    'CLIENT REPLY OFF | MULTI | SUBSCRIBE a | PING | EXEC | CLIENT REPLY ON',
    'CLIENT REPLY OFF | MULTI | CLIENT REPLY ON | GET k | EXEC | PING',
    'MULTI | CLIENT KILL TYPE normal SKIPME no | PING | GET k | SET k 1 | EXEC',
  ]);
});

test('whatever refuses EXEC ends the transaction', async (t) => {
  const pair = await startPair(t);
  await compareBytes(t, pair, [
    'EXEC',
    'EXEC 1',
    'MULTI | EXEC 1 | EXEC',
    'WATCH k | MULTI | SET k 1 | EXEC x | EXEC | GET k',
    'RPUSH list a b | WATCH list | LTRIM list 0 -1 | MULTI | EXEC',
    'WATCH nolist | LTRIM nolist 0 -1 | MULTI | EXEC',
    'SET k 1 | WATCH k | LTRIM k 0 -1 | MULTI | EXEC',
    'MULTI | GET a b | EXEC | PING',
    'MULTI | NOSUCH | EXEC | PING',
    'MULTI | MULTI | WATCH a | EXEC',
    'MULTI | SET k | DISCARD | EXEC | DISCARD',
    'MULTI | SET k 1 | RESET | EXEC',
    'SUBSCRIBE a | EXEC | MULTI',
  ]);
});
