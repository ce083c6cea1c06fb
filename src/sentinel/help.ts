/** SENTINEL HELP: the subcommands of this sentinel. */

const topics: readonly (readonly [syntax: string, ...meaning: string[]])[] = [
  ['CKQUORUM <master-name>', 'Tell whether quorum and majority can be reached for a failover.'],
  ['CONFIG GET <param>', 'Show settings that hold for all masters.'],
  ['CONFIG SET <param> <value>', 'Change one of them.'],
  [
    'DEBUG [<param> <value> ...]',
    'Show the periods and time limits in use, in milliseconds, or change some.',
  ],
  [
    'FAILOVER <master-name> [COORDINATED]',
    'Fail over without asking the other Sentinels. COORDINATED: the master hands over, and no',
    'acknowledged write is lost.',
  ],
  ['FLUSHCONFIG', 'Write the configuration and the current state to disk.'],
  ['GET-MASTER-ADDR-BY-NAME <master-name>', 'Return the ip and port of the current master.'],
  [
    'INFO-CACHE <master-name> [<master-name> ...]',
    'Show what masters and replicas last answered to INFO.',
  ],
  [
    'IS-MASTER-DOWN-BY-ADDR <ip> <port> <current-epoch> <runid>',
    'Tell whether that master is down for this Sentinel, and give or show its vote.',
  ],
  ['MASTER <master-name>', 'Show the state of a master.'],
  ['MASTERS', 'Show the state of all masters.'],
  ['MONITOR <name> <ip> <port> <quorum>', 'Start to watch a master.'],
  ['MYID', 'Return the ID of this Sentinel.'],
  ['PENDING-SCRIPTS', 'Show the scripts that run or wait.'],
  ['REMOVE <master-name>', 'Stop watching a master.'],
  ['REPLICAS <master-name>', "Show the state of a master's replicas."],
  ['RESET <pattern>', 'Forget replicas, Sentinels and failovers of the masters that match.'],
  ['SENTINELS <master-name>', 'Show the other Sentinels that watch a master.'],
  ['SET <master-name> <option> <value> [<option> <value> ...]', 'Change settings of a master.'],
  [
    'SIMULATE-FAILURE [CRASH-AFTER-ELECTION] [CRASH-AFTER-PROMOTION] [HELP]',
    'Have this Sentinel end in the midst of its next failover.',
  ],
];

export const helpLines: readonly string[] = [
  'SENTINEL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:',
  ...topics.flatMap(([syntax, ...meaning]) => [syntax, ...meaning.map((line) => `    ${line}`)]),
  'HELP',
  '    Print this help.',
];
