// Every program of examples/ runs to its end, and says what its comments say.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const example = (name) =>
  run(process.execPath, [fileURLToPath(new URL(`../../examples/${name}.mjs`, import.meta.url))]);

test('keyv', async () => {
  const { stdout } = await example('keyv');
  expect(stdout.match(/{ name: 'Ada' }/g)?.length).toBe(3);
  expect(stdout).toMatch(/2 { name: 'Grace' }/);
});

test('fastify', async () => {
  const { stdout } = await example('fastify');
  expect(stdout.trim().split('\n')).toEqual([
    "{ n: '12', square: 144 }",
    "{ n: '12', square: 144 } 1",
  ]);
});

test('worker threads', async () => {
  const { stdout } = await example('worker-threads');
  expect(stdout.match(/computes/g)?.length).toBe(1);
  expect(new Set(stdout.match(/report of \d+/g)).size).toBe(1);
  expect(stdout.match(/has the report/g)?.length).toBe(4);
});
