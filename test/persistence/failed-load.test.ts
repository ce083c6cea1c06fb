import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import test from 'ava';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';

const FILES: Readonly<Record<string, string>> = {
  'a manifest that is none': 'nonsense\n',
  'a file that is missing': 'file appendonly.aof.1.base.aof seq 1 type b\n',
  'a file cut short that is not the last':
    'file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n',
};

for (const [what, manifest] of Object.entries(FILES)) {
  test(`no client is served before the end that ${what} brings`, async (t) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'ringleader-failed-load-'));
    t.teardown(() => rm(dir, { recursive: true, force: true }));
    const folder = path.join(dir, 'appendonlydir');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'appendonly.aof.manifest'), manifest);
    writeFileSync(path.join(folder, 'appendonly.aof.1.incr.aof'), '*3\r\n$3\r\nSET\r\n$1\r\na');
    writeFileSync(path.join(folder, 'appendonly.aof.2.incr.aof'), '*3\r\n$3\r\nSET\r\n$1\r\na');
    const server = await RingleaderServer.begin(dir, '--appendonly', 'yes');
    const ended = server.ended();
    const answers = new Set<unknown>();
    while ((await Promise.race([ended, Promise.resolve('runs')])) === 'runs') {
      try {
        const client = await RespClient.connect(server.port);
        answers.add(await client.value('PING'));
        client.close();
      } catch {
        // It does not listen yet, or no more.
      }
    }
    t.is(await ended, 1);
    t.false(answers.has('+PONG'), [...answers].join('; '));
  });
}
