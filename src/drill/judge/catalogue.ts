/**
 * The scenarios that come with the package, each the bad day that it is named after.
 *
 * A scenario ends when the cluster itself can serve again or never will: what passes from then on
 * until a success is the client's own time.
 */
import { RingleaderError } from '../../base/errors.js';
import { compose, parseScenario, repeat, type Scenario, type ScenarioInput } from './scenario.js';

const inputs: readonly ScenarioInput[] = [
  {
    name: 'kill',
    about: 'The master dies; its sockets close. A replica is promoted.',
    steps: [{ do: 'kill', who: 'master' }],
  },
  {
    name: 'freeze',
    about: 'The master stands still: sockets stay open, no byte comes. A replica is promoted.',
    steps: [{ do: 'freeze', who: 'master' }],
  },
  {
    name: 'black-hole',
    about: "The master's network is gone: to all others it is silence. A replica is promoted.",
    steps: [{ do: 'cut', side: 'master', clients: 'rest' }],
  },
  {
    name: 'sentinel-outage',
    about: 'To clients all sentinels but the last are silence; then the master dies.',
    steps: [
      { do: 'stall', who: 'first-sentinels' },
      { do: 'kill', who: 'master' },
    ],
  },
  {
    name: 'minority-partition',
    about:
      'The master, one sentinel and the clients are cut off; the majority promotes a replica; then the network heals.',
    steps: [
      { do: 'cut', side: ['master', 'sentinel'], clients: 'side' },
      { do: 'wait-for', what: 'new-master' },
      { do: 'wait', ms: 300 },
      { do: 'heal' },
      { do: 'wait-for', what: 'one-master' },
    ],
  },
  {
    name: 'manual-failover',
    about: 'An operator orders SENTINEL FAILOVER; the old master lives on as a replica.',
    steps: [
      { do: 'failover' },
      { do: 'wait-for', what: 'new-master' },
      { do: 'wait-for', what: 'one-master' },
    ],
  },
  {
    name: 'flapping',
    about: "The clients' links to the master are reset and refused, and come back, five times.",
    steps: repeat(5, [
      { do: 'refuse', who: 'master' },
      { do: 'wait', ms: 120 },
      { do: 'heal' },
      { do: 'wait', ms: 120 },
    ]),
  },
  {
    name: 'slow-replica',
    about: 'A replica stands still again and again and its link is slow; then the master dies.',
    steps: [
      { do: 'delay', who: 'replica', ms: 100 },
      ...repeat(4, [
        { do: 'freeze', who: 'replica' },
        { do: 'wait', ms: 100 },
        { do: 'thaw', who: 'replica' },
        { do: 'wait', ms: 20 },
      ]),
      { do: 'kill', who: 'master' },
    ],
  },
  {
    name: 'stale-replica',
    about:
      'The replicas lose the master, which goes on for 400 ms and dies; a stale one is promoted.',
    steps: [
      { do: 'cut', side: 'replicas', from: 'master' },
      { do: 'wait', ms: 400 },
      { do: 'kill', who: 'master' },
      { do: 'wait-for', what: 'new-master' },
      { do: 'heal' },
    ],
  },
  {
    name: 'lost-replies',
    about:
      'For 200 ms the master executes what clients send and no reply arrives; then connections are reset.',
    steps: [
      { do: 'stall', who: 'master', only: 'replies' },
      { do: 'wait', ms: 200 },
      { do: 'reset', who: 'master' },
      { do: 'heal' },
    ],
  },
];

/** By name, in the order of the documentation. */
export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map(
  inputs.map((input) => [input.name, parseScenario(input)]),
);

/**
 * @param asked - a name, names joined by `+` (one after the other), or a scenario of the caller's.
 * @throws RingleaderError CONFIG_INVALID, naming the known ones.
 */
export function findScenario(asked: string | ScenarioInput): Scenario {
  if (typeof asked !== 'string') return parseScenario(asked);
  const parts = asked.split('+').map((name) => {
    const scenario = SCENARIOS.get(name);
    if (scenario !== undefined) return scenario;
    const known = [...SCENARIOS.keys()].join(', ');
    throw new RingleaderError(
      'CONFIG_INVALID',
      `there is no scenario ${JSON.stringify(name)}; the scenarios are ${known}, or several joined by +`,
    );
  });
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : compose(...parts);
}
