/** `redis-benchmark`: the load generator for everything that goes over TCP, against either side. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `redis-benchmark` is asked to do. */
export interface Load {
  /** As `-t`: set, get, incr, mset. */
  readonly test: string;
  readonly requests: number;
  readonly pipeline: number;
  /** Distinct keys. */
  readonly keys: number;
  /** Bytes a value. */
  readonly size: number;
}

/** Run it to its end. @throws when it fails. */
export async function redisBenchmark(port: number, load: Load): Promise<void> {
  const { test, requests, pipeline, keys, size } = load;
  const options = `-p ${port} -t ${test} -n ${requests} -P ${pipeline} -r ${keys} -d ${size}`;
  await run('redis-benchmark', [...options.split(' '), '-c', '50', '-q', '--csv']);
}
