import test from 'ava';
import {
  HANDSHAKE_RETRY_MS,
  type LinkState,
  isLegalTransition,
  whyGiveUp,
} from '../../src/replication/link-state.js';

const why = (state: LinkState, silentMs: number, isCut = false): string | null =>
  whyGiveUp({ state, enteredAt: 0, heardAt: 0, isCut }, silentMs, 60_000);

test('a link is made step by step, and can be lost at each', (t) => {
  t.true(isLegalTransition('none', 'connect'));
  t.true(isLegalTransition('connect', 'handshake'));
  t.true(isLegalTransition('handshake', 'sync'));
  t.true(isLegalTransition('handshake', 'connected'));
  t.true(isLegalTransition('sync', 'connected'));
  for (const state of ['handshake', 'sync', 'connected'] as const) {
    t.true(isLegalTransition(state, 'connect'));
    t.true(isLegalTransition(state, 'none'));
  }
  t.false(isLegalTransition('none', 'connected'));
  t.false(isLegalTransition('connect', 'sync'));
  t.false(isLegalTransition('connected', 'sync'));
});

test('a handshake is repeated, a silent link given up, each just after its limit', (t) => {
  t.is(why('handshake', HANDSHAKE_RETRY_MS), null);
  t.truthy(why('handshake', HANDSHAKE_RETRY_MS + 1));
  for (const state of ['sync', 'connected'] as const) {
    t.is(why(state, 60_000), null);
    t.truthy(why(state, 60_001));
  }
  t.is(why('connect', 1e9), null);
  t.is(why('none', 1e9), null);
});

test('a partition ends a full sync at once, and a link only by its silence', (t) => {
  t.truthy(why('sync', 0, true));
  t.is(why('connected', 1000, true), null);
});
