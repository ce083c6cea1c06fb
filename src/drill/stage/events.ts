/** What the cluster says during a drill, for the timeline. */
import { performance } from 'node:perf_hooks';

import { joinHostPort } from '../../base/host-port.js';
import { electionText } from '../../coordinator/election-text.js';
import type { DrillEvent } from '../judge/timeline.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { ClusterEvents, ClusterListener } from '../../cluster/events.js';

/**
 * Note the cluster's events from now on.
 *
 * @returns a function that ends it.
 */
export function hear(cluster: Cluster, events: DrillEvent[]): () => void {
  const note = (source: DrillEvent['source'], what: string): void => {
    events.push({ at: performance.now(), source, what });
  };
  const onDown = ({ id, reason }: ClusterEvents['node-down']): void => {
    note('cluster', `${id} is down (${reason})`);
  };
  const onUp = ({ id }: ClusterEvents['node-up']): void => note('cluster', `${id} is up`);
  const onSwitch: ClusterListener<'switch-master'> = ({ to }) => {
    note('cluster', `${to} is the new master`);
  };
  const onNode: ClusterListener<'node'> = ({ id, name, payload }) => {
    if (name === 'role-changed') note('cluster', `${id} becomes ${String(payload)}`);
    else if (name === 'fenced') note('cluster', `${id} finds itself fenced`);
  };
  // Which of the sentinels says it, and with how many votes, is not told: the first word counts.
  const onSentinel: ClusterListener<'sentinel'> = ({ channel, payload }) => {
    note('sentinel', `${channel} ${named(payload.split(/ [@#]/)[0] ?? '', cluster)}`);
  };
  const onElection: ClusterListener<'election'> = (entry) => {
    note('election', electionText(entry));
  };
  cluster
    .on('node-down', onDown)
    .on('sentinel-down', onDown)
    .on('node-up', onUp)
    .on('sentinel-up', onUp)
    .on('switch-master', onSwitch)
    .on('node', onNode)
    .on('sentinel', onSentinel)
    .on('election', onElection);
  return () => {
    cluster
      .off('node-down', onDown)
      .off('sentinel-down', onDown)
      .off('node-up', onUp)
      .off('sentinel-up', onUp)
      .off('switch-master', onSwitch)
      .off('node', onNode)
      .off('sentinel', onSentinel)
      .off('election', onElection);
  };
}

/** The same with ids for addresses, and run ids cut short. */
function named(text: string, cluster: Cluster): string {
  let out = text.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{32}\b/g, '$1…');
  for (const { id, host, port } of [...cluster.nodes(), ...cluster.sentinels()]) {
    out = out
      .replaceAll(`${joinHostPort(host, port)} ${host} ${port}`, id)
      .replaceAll(`${host} ${port}`, id);
  }
  return out;
}
