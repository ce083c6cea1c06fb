/**
 * How much an event matters: what the log shows of it, and whether it is published and told to a
 * master's notification script (warnings alone).
 *
 * @see redis/redis 7.0 src/sentinel.c, the calls of sentinelEvent()
 */
export type EventLevel = 'debug' | 'verbose' | 'notice' | 'warning';

const levels: ReadonlyMap<string, EventLevel> = new Map<string, EventLevel>([
  ['+script-child', 'debug'],
  ['-script-child', 'debug'],
  ['-cmd-link-reconnection', 'debug'],
  ['-pubsub-link-reconnection', 'debug'],
  ['+role-change', 'verbose'],
  ['-role-change', 'verbose'],
  ['+convert-to-master', 'notice'],
  ['+convert-to-slave', 'notice'],
  ['+failover-state-send-slaveof-noone', 'notice'],
  ['+failover-state-wait-promotion', 'notice'],
  ['+fix-slave-config', 'notice'],
  ['+reboot', 'notice'],
  ['+sentinel', 'notice'],
  ['+sentinel-address-switch', 'notice'],
  ['+sentinel-address-update', 'notice'],
  ['+sentinel-invalid-addr', 'notice'],
  ['+slave', 'notice'],
  ['+slave-reconf-done', 'notice'],
  ['+slave-reconf-inprog', 'notice'],
  ['+slave-reconf-sent', 'notice'],
  ['+slave-reconf-sent-be', 'notice'],
  ['-slave-reconf-sent-timeout', 'notice'],
]);

export function levelOf(channel: string): EventLevel {
  return levels.get(channel) ?? 'warning';
}
