/** The cluster's events as lines, for people. */
import { joinHostPort } from '../base/host-port.js';
import type { Cluster } from '../cluster/cluster.js';
import { electionText } from '../coordinator/election-text.js';

/** What the lines need of a cluster. */
type Heard = Pick<Cluster, 'on'>;

/**
 * Print each event as it happens: time, actor, what.
 *
 * @param print - gets a line without a newline.
 * @param wallMs - Unix ms.
 */
export function printEvents(
  cluster: Heard,
  print: (line: string) => void,
  wallMs: () => number,
): void {
  const line = (who: string, what: string): void => {
    print(`${clock(wallMs())}  ${who.padEnd(11)} ${what}`);
  };
  cluster
    .on('node-up', ({ id, host, port }) => line(id, `up on ${joinHostPort(host, port)}`))
    .on('sentinel-up', ({ id, host, port }) => line(id, `up on ${joinHostPort(host, port)}`))
    .on('node-down', ({ id, reason, detail }) => line(id, `down: ${reason} (${detail})`))
    .on('sentinel-down', ({ id, reason, detail }) => line(id, `down: ${reason} (${detail})`))
    .on('coordinator-up', ({ id }) => line(id, 'up'))
    .on('coordinator-down', ({ id, reason, detail }) => line(id, `down: ${reason} (${detail})`))
    .on('election', (entry) => line('coordinator', electionText(entry)))
    .on('restarting', ({ id, afterMs }) => line(id, `starts again in ${afterMs} ms`))
    .on('waiting-for-failover', ({ id }) => line(id, 'was master: waits for the failover'))
    .on('given-up', ({ id, why }) => line(id, `given up: ${why}`))
    .on('switch-master', ({ to, host, port }) =>
      line(to, `is the new master, ${joinHostPort(host, port)}`),
    )
    .on('following', ({ id, host, port }) =>
      line(id, `follows a master outside, ${joinHostPort(host, port)}`),
    )
    .on('sentinel', ({ id, channel, payload }) => line(id, `${channel} ${payload}`))
    .on('node', ({ id, name, payload }) => {
      if (name !== 'log') line(id, `${name} ${describe(payload)}`.trimEnd());
    });
}

/** Local time of day with ms. */
function clock(wallMs: number): string {
  const date = new Date(wallMs);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const time = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function describe(payload: unknown): string {
  if (payload === null || payload === undefined) return '';
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}
