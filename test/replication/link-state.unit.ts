import test from 'ava';
import type { LinkState } from '../../src/base/role-reply.js';
import { isLegalTransition, whyGiveUp } from '../../src/replication/link-state.js';

const HANDSHAKE_MS = 1000;

const why = (state: LinkState, silentMs: number, isCut = false): string | null =>
  whyGiveUp({ state, heardAt: 0, isCut, handshakeTimeoutMs: HANDSHAKE_MS }, silentMs, 60_000);

test('a link is made step by step, and can be lost at each', (t) => {
  t.true(isLegalTransition('none', 'connect'));
  t.true(isLegalTransition('connect', 'handshake'));
  t.true(isLegalTransition('connect', 'connecting'));
  t.true(isLegalTransition('connecting', 'handshake'));
  t.true(isLegalTransition('handshake', 'sync'));
  t.true(isLegalTransition('handshake', 'connected'));
  t.true(isLegalTransition('sync', 'connected'));
  for (const state of ['connecting', 'handshake', 'sync', 'connected'] as const) {
    t.true(isLegalTransition(state, 'connect'));
    t.true(isLegalTransition(state, 'none'));
  }
  t.false(isLegalTransition('none', 'connected'));
  t.false(isLegalTransition('connect', 'sync'));
  t.false(isLegalTransition('connected', 'sync'));
});

test('a handshake is repeated, a silent link given up, each just after its limit', (t) => {
  for (const state of ['connecting', 'handshake'] as const) {
    t.is(why(state, HANDSHAKE_MS), null);
    t.truthy(why(state, HANDSHAKE_MS + 1));
  }
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
