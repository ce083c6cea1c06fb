/** Hand a reply to the rule that asked; one from a connection that was closed is ignored. */
import type { Reply } from '../resp/reply.js';
import type { LinkId, ReplyTag } from './messages.js';
import { abortFailover } from './election.js';
import { isRefused } from './handover.js';
import { close, masterOn } from './links.js';
import { onPingReply } from './probe.js';
import { onInfo } from './refresh.js';
import type { Turn } from './turn.js';

export function onReply(turn: Turn, id: LinkId, tag: ReplyTag, value: Reply): void {
  const key = turn.linkOf(id);
  if (key === undefined) return;
  const { command, pubsub, pendingCommands } = turn.link(key);
  if (pubsub?.id === id && tag === 'subscribe' && value.type === 'error') {
    // Without a subscription (no password, the wrong one) it is of no use.
    close(turn, pubsub);
    turn.setLink(key, { pubsub: null });
    return;
  }
  if (command?.id !== id) return;
  turn.setLink(key, { pendingCommands: Math.max(0, pendingCommands - 1) });
  if (tag === 'ping') onPingReply(turn, key, value);
  else if (tag === 'failover') {
    const master = masterOn(turn, key);
    if (master?.link === key && isRefused(turn, master, value)) abortFailover(turn, master);
  } else if (tag === 'info' && (value.type === 'bulk' || value.type === 'verbatim')) {
    onInfo(turn, key, typeof value.value === 'string' ? value.value : decode(value.value));
  }
}

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
