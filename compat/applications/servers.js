// The servers that each application runs against, unchanged: ours and, where there is one, Redis.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { Cluster } from '../../dist/src/index.js';

async function ours() {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 0 });
  return { port: Number(new URL(cluster.url).port), stop: () => cluster.stop() };
}

async function redis() {
  const port = await freePort();
  const flags = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', flags.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) {
    if (String(chunk).includes('Ready to accept')) break;
  }
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  return { port, stop };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** For describe.each: a name, and what starts it. */
export const SERVERS = [['ringleader', ours], ...(hasRedis ? [['redis-server', redis]] : [])];
