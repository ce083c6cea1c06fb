import test from 'ava';

import { hintsFor, type Symptoms } from '../../../src/drill/judge/hints.js';

const hang: Symptoms = {
  outcome: 'silent-hang',
  library: 'ioredis',
  askedSentinels: true,
  sentinelsSilent: false,
  errors: [],
};
const error = (message: string) => ({ code: 'Error', message });
const ids = (symptoms: Partial<Symptoms>): string[] =>
  hintsFor({ ...hang, ...symptoms }).map(({ id }) => id);

test('each way to fail has its hints', (t) => {
  const cases: [Partial<Symptoms>, string[]][] = [
    [{}, ['ioredis-socket-timeout', 'ioredis-failover-detector']],
    [{ library: '' }, ['ioredis-socket-timeout', 'ioredis-failover-detector']],
    [{ library: 'node-redis' }, []],
    [{ sentinelsSilent: true }, ['ioredis-sentinel-timeout']],
    [{ askedSentinels: false }, ['ask-sentinels']],
    [{ askedSentinels: false, outcome: 'errors', library: 'node-redis' }, ['ask-sentinels']],
    [{ outcome: 'errors' }, []],
    [{ outcome: 'errors', errors: [error('Command timed out')] }, ['ioredis-socket-timeout']],
    [{ outcome: 'errors', errors: [error('Connection is closed.')] }, ['ioredis-ended']],
    [{ outcome: 'lost-writes', library: 'node-redis' }, ['min-replicas-to-write']],
    [{ outcome: 'duplicated-writes' }, ['idempotent-retries']],
    [{ outcome: 'passed' }, []],
    [{ outcome: 'slow' }, []],
    [{ outcome: 'no-traffic' }, []],
  ];
  for (const [symptoms, expected] of cases) {
    t.deepEqual(ids(symptoms), expected, JSON.stringify(symptoms));
  }
});
