/**
 * Where a simulation can be made to break a rule on purpose (broken-rules.ts), so that the checks
 * are seen to notice. Every hook leaves all as it is unless a rule is broken.
 */
import type { ReplicationFrame } from '../replication/shared/frames.js';
import type { SentinelEffect, SentinelMessage } from '../sentinel/messages.js';
import type { SentinelState } from '../sentinel/state.js';

/** A node, as far as rules are broken by it. */
export interface WithHistory {
  /** The id of its history; null: it is dead. */
  replid(): string | null;
  /** Where it is in it; null: it is dead. */
  head(): number | null;
}

export interface Rules {
  /** Before a sentinel's step: the state that it goes on from. */
  beforeStep(state: SentinelState, message: SentinelMessage): SentinelState;
  /** What a step asks for, in the order in which it is done. */
  afterStep(ready: readonly SentinelEffect[]): readonly SentinelEffect[];
  /** A frame on its way to a master or replica of the process. */
  onReplicationFrame(frame: ReplicationFrame, to: WithHistory): ReplicationFrame;
  /** Bytes that a replica sends to its master over TCP. */
  onReplicaBytes(bytes: Uint8Array, master: WithHistory | null): Uint8Array;
  /** Whether a promotion fences the master that it replaces. */
  readonly fences: boolean;
  /** Whether a master has min-replicas-to-write, where that is asked for. */
  readonly countsReplicas: boolean;
  /** Replicas that a strict master waits for before it answers. */
  acks(needed: number): number;
}

export const soundRules: Rules = {
  beforeStep: (state) => state,
  afterStep: (ready) => ready,
  onReplicationFrame: (frame) => frame,
  onReplicaBytes: (bytes) => bytes,
  fences: true,
  countsReplicas: true,
  acks: (needed) => needed,
};
