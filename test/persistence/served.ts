/**
 * Servers in processes of their own, over directories that a test has made: started, asked, ended.
 */
import type { ExecutionContext } from 'ava';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

/** @returns a new directory, which is gone with the test. */
export function folder(t: ExecutionContext): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-disk-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export async function start(t: ExecutionContext, dir: string, ...args: readonly string[]) {
  const server = await RingleaderServer.startIn(dir, ...args);
  t.teardown(() => server.kill());
  return { server, client: await RespClient.connect(server.port) };
}

/** Its log has this, or will: a log is read behind the replies. */
export function logged(server: { readonly log: string }, text: RegExp): Promise<void> {
  return until(() => text.test(server.log), `${text} in the log`);
}

/** A field of INFO. */
export async function info(client: RespClient, field: string): Promise<string | undefined> {
  const text = String(await client.value('INFO'));
  return new RegExp(`^${field}:(.*)\\r$`, 'm').exec(text)?.[1];
}
