/** A real server and one of ours, started alike, for tests that compare them. */
import type { ExecutionContext } from 'ava';
import { RealRedis } from './real-redis.js';
import { RespClient } from './resp-client.js';
import { RingleaderServer } from './ringleader-process.js';

export interface ServerWithClient {
  readonly port: number;
  readonly client: RespClient;
}

/** The real one first; both end with the test. */
export async function startBoth(
  t: ExecutionContext,
  flags: readonly string[],
): Promise<readonly [ServerWithClient, ServerWithClient]> {
  const start = async (
    program: typeof RealRedis | typeof RingleaderServer,
  ): Promise<ServerWithClient> => {
    const server = await program.start(...flags);
    t.teardown(() => server.stop());
    const client = await RespClient.connect(server.port);
    t.teardown(() => client.close());
    return { port: server.port, client };
  };
  return Promise.all([start(RealRedis), start(RingleaderServer)]);
}
