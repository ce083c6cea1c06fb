/** `ringleader backlog`: the `repl-backlog-size` that a write rate and an outage pattern need. */
import { Command, Option } from 'commander';

import { RingleaderError } from '../base/errors.js';
import { realClock } from '../io/clock.js';
import { checkWritable, writeReport } from '../io/report-file.js';
import type { LiveResult } from '../lab/backlog/live.js';
import { sizeBacklog } from '../lab/backlog/sizing.js';
import { sizingReport } from '../lab/backlog/text.js';
import { chartSize, renderText } from '../report/terminal.js';
import { liveSection } from './backlog-live.js';
import { readPlan, runReplay } from './backlog-replay.js';
import { engineOption } from './engine.js';
import { type BacklogFlags, readInput } from './backlog-input.js';
import { madeNow } from './command-line.js';
import { exitFromUsage, fail } from './fail.js';
import { type Example, examples } from './help-text.js';
import { print, printWidth } from './print.js';
import { startProgress } from './progress.js';

const EXAMPLES: readonly Example[] = [
  {
    does: '5 MB/s with bursts of 50 MB/s for 2 s about every minute; outages of 20 s on average',
    command: 'ringleader backlog --rate 5mb --burst 50mb:2s:1m --outage exp:20s',
  },
  {
    does: 'a server, watched for ten minutes; sizes the output buffer for a data set of 8 GB as well',
    command:
      'ringleader backlog --from redis://localhost:6379 --for 10m --outage 30s --dataset 8gb --link 1gbit',
  },
  {
    does: 'what was recorded: time,offset lines, or a Prometheus range query of redis_master_repl_offset',
    command:
      'ringleader backlog --series offsets.csv --outage 5s,30s,2m --target 0.001 --html backlog.html',
  },
  {
    does: 'the last day of one server, as Prometheus has it',
    command:
      'ringleader backlog --from http://prometheus:9090 --label instance=redis-1:9121 --outage exp:20s',
  },
  {
    does: 'the proof: real replication code on a virtual clock, outage by outage',
    command: 'ringleader backlog --rate 5mb --burst 50mb:2s:1m --outage exp:20s --replay',
  },
  {
    does: 'the proof by real servers, a hundred times as fast as in reality',
    command: 'ringleader backlog --rate 5mb --outage exp:20s --replay real --engine redis',
  },
];

export function backlogCommand(): Command {
  return new Command('backlog')
    .description('find the repl-backlog-size that avoids full resyncs, and prove it by replay')
    .option(
      '--from <url>',
      'sample a running server: redis://[user:password@]host[:port], rediss:// for TLS; or a Prometheus: http://host:9090',
    )
    .option('--for <time>', 'how long to sample it (default: 60s; of Prometheus the last 24h)')
    .option('--every <time>', 'and how often (default: 200ms; of Prometheus 15s)')
    .option('--record <file>', 'keep the samples as CSV, for --series, each as it comes')
    .option('--cacert <file>', 'PEM of the authority that a rediss:// server is checked by')
    .option('--insecure', "do not check a rediss:// server's certificate")
    .option(
      '--series <file>',
      'a recorded series: CSV, JSON, or an export of Prometheus, VictoriaMetrics or Grafana, as a file, - (stdin) or a URL',
    )
    .addOption(list('--label <name=value>', 'choose a series of an export'))
    .option(
      '--time-unit <unit>',
      'of times that are numbers: s, ms, us or ns (default: by their size)',
    )
    .option('--split-restarts', 'use the parts of a series between restarts of its server')
    .option('--rate <rate>', 'a synthetic series: bytes a second, as 5mb')
    .addOption(list('--burst <rate:lasts:every>', 'bursts on top of --rate, as 50mb:2s:1m'))
    .option('--duration <time>', 'length of the synthetic series', '6h')
    .option(
      '--outage <pattern>',
      'how long replicas are away: 30s | 5s,30s,2m | exp:MEAN | lognormal:MEDIAN:SIGMA | uniform:MIN-MAX | @FILE | measured (in the series)',
      'exp:30s',
    )
    .option('--target <probability>', 'of a full resync per outage', '0.01')
    .option('--reconnect <time>', "from the link's return until the replica asks", '1s')
    .option('--in-flight <size>', 'under way when the link goes (default: 0; --from: as seen)')
    .option('--redis <version>', '7 and later share buffers, 6.2 and before do not (default: 7)')
    .option('--replicas <n>', 'of the master (default: 1)')
    .option('--dataset <size>', 'size the output buffer for a full sync of so much, too')
    .option('--link <rate>', 'from the master, shared by its replicas: 125mb or 1gbit', '1gbit')
    .option('--save-rate <rate>', 'at which the master writes a snapshot', '200mb')
    .option('--load-rate <rate>', 'at which a replica loads it', '150mb')
    .option('--largest-value <size>', 'the largest single write')
    .option('--current <size>', 'the size in use, to be judged (default: 1mb; --from: as it is)')
    .option('--replay [clock]', 'prove it: on a virtual clock (the default), or real: by a cluster')
    .addOption(engineOption())
    .option('--rounds <n>', 'outages of a replay, for each size and seed', '200')
    .option('--seeds <n>', 'repetitions of a replay with other dice', '4')
    .option('--factor <n>', 'how much faster than real a replay in real time goes', '100')
    .option('--seed <n>', 'of all dice', '1')
    .option('--html <file>', 'write a page with the curve and its knee')
    .option('--json', 'print the result for machines')
    .addHelpText('after', examples(EXAMPLES))
    .exitOverride(exitFromUsage)
    .action(backlog);
}

async function backlog(flags: BacklogFlags): Promise<void> {
  const progress = startProgress();
  try {
    if (flags.html !== undefined) checkWritable(flags.html);
    const plan = readPlan(flags);
    const input = await readInput(flags, progress);
    const begin = realClock.monotonicMs();
    const sizing = await sizeBacklog(input.series, {
      ...input.options,
      onProgress: async (done, total) => {
        if (realClock.monotonicMs() - begin > 1000) {
          progress.say(`measuring all windows: ${Math.floor((done / total) * 10) * 10} %`);
        }
        await nextTurn();
      },
    });
    const replay = plan && (await runReplay(plan, input, sizing, progress));
    progress.end();
    const { live } = input;
    const report = sizingReport(sizing, [
      ...(live === null ? [] : [liveSection(input.series.name, live)]),
      ...(replay === null ? [] : [replay.section]),
    ]);
    if (flags.html !== undefined) {
      writeReport(flags.html, {
        ...report,
        made: madeNow(realClock.wallMs(), process.argv.slice(2)),
      });
    }
    if (flags.json === true) {
      const server = live && { server: live.last, lost: live.lost };
      const all = { ...sizing, ...server, ...(replay && { replay: replay.results }) };
      print(JSON.stringify(all, null, 2));
    } else print(renderText(report, chartSize(printWidth())));
    if (live?.lost != null) throw lostServer(live, flags.record);
  } catch (error) {
    progress.end();
    fail(error);
  } finally {
    progress.end();
  }
}

/** The answer is of less than was asked for: said at the end, where it is seen. */
function lostServer({ lost, samples }: LiveResult, record?: string): RingleaderError {
  const kept = record === undefined ? '' : `, and kept in ${record}`;
  const used = `the ${samples.length} samples until then are used${kept}`;
  return new RingleaderError('CONNECTION_LOST', `${lost}; ${used}`);
}

/** An option that may be given several times. */
function list(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], 'none');
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
