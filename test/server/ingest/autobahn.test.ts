import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer, upgradeWebSocket, type WebSocketServerLike } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Sockets } from '../../../src/server/http/sockets.ts';
import { LIMITS } from '../../../src/server/limits.ts';
import { listening, missing, startWith } from '../serve-process.ts';
import { Client, tempFolder } from '../support.ts';

/**
 * The fuzzing client of the Autobahn test suite, 247 cases. It runs on Python 2.7 only, so it is not
 * installed by the tests: `virtualenv -p python2.7 py2 && py2/bin/pip install autobahntestsuite==25.10.1`, then
 * UNDERTONE_WSTEST=py2/bin/wstest.
 */
const WSTEST = process.env.UNDERTONE_WSTEST;
const can = WSTEST !== undefined && existsSync(WSTEST);
if (!can) console.warn('The Autobahn test suite is skipped: UNDERTONE_WSTEST is not the path of wstest.');

/** Cases 9 measure speed; cases 12 and 13 need compression, which the server does not negotiate. */
const EXCLUDED = ['9.*', '12.*', '13.*'];
const SLOW = { timeout: 1_800_000 };

interface Verdict {
  /** OK, NON-STRICT, INFORMATIONAL, UNIMPLEMENTED or FAILED. */
  readonly behavior: string;
  readonly behaviorClose: string;
  readonly remoteCloseCode: number | null;
}

async function fuzz(url: string, cases: readonly string[]): Promise<[string, Verdict][]> {
  const folder = tempFolder();
  const spec = join(folder, 'spec.json');
  const servers = [{ agent: 'undertone', url }];
  writeFileSync(
    spec,
    JSON.stringify({ outdir: folder, servers, cases, 'exclude-cases': EXCLUDED, 'exclude-agent-cases': {} }),
  );
  const client = spawn(WSTEST!, ['-m', 'fuzzingclient', '-s', spec], { cwd: folder, stdio: 'ignore' });
  onTestFinished(() => void client.kill('SIGKILL'));
  const [code] = await once(client, 'exit');
  expect(code).toBe(0);
  const report = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  return Object.entries(report.undertone as Record<string, Verdict>);
}

const hasFailed = ([, { behavior, behaviorClose }]: [string, Verdict]) =>
  !['OK', 'INFORMATIONAL', 'NON-STRICT'].includes(behavior) ||
  !['OK', 'INFORMATIONAL'].includes(behaviorClose);

/** The client waits one second for each response, so cases that fail on a busy machine are repeated. */
async function fuzzWithRetries(url: string): Promise<[string, Verdict][]> {
  const verdicts = new Map(await fuzz(url, ['*']));
  for (let again = 0; again < 4; again++) {
    const failed = [...verdicts].filter(hasFailed).map(([name]) => name);
    if (failed.length === 0) break;
    for (const [name, verdict] of await fuzz(url, failed)) verdicts.set(name, verdict);
  }
  return [...verdicts];
}

/** An echo server with the server's own sockets, as the suite expects. */
async function echo(): Promise<string> {
  const app = new Hono();
  app.get(
    '/echo',
    upgradeWebSocket(() => ({ onMessage: ({ data }, socket) => socket.send(data as string) })),
  );
  const sockets = new Sockets({ ...LIMITS, controlBytes: 64 * 1024 * 1024 });
  const server = createAdaptorServer({
    fetch: app.fetch,
    websocket: { server: sockets as WebSocketServerLike },
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/echo`;
}

describe.skipIf(!can || missing !== '')('the Autobahn test suite', () => {
  test('passes on the sockets; the server closes with the same codes and keeps running', SLOW, async () => {
    const ofEcho = await fuzzWithRetries(await echo());
    expect(ofEcho.length).toBe(247);
    expect(ofEcho.filter(hasFailed)).toEqual([]);

    // The program sends a hello and no echo, which the suite counts as failures. So only its close codes are
    // checked, and that other clients are not affected.
    const server = startWith(
      {},
      ...['--source', 'demo:', '--port', '0', '--data-dir', tempFolder(), '--engine', 'wasm'],
    );
    const address = await listening(server);
    const live = new Client(address, '/v1/live');
    await live.received('emotion', 2);
    const codes = new Map(
      ofEcho.flatMap(([name, { remoteCloseCode: code }]) =>
        code === 1002 || code === 1007 ? [[name, code]] : [],
      ),
    );
    expect(codes.size).toBeGreaterThan(100);
    const closes = new Map<string, number | null>();
    for (let again = 0; again < 4 && closes.size < codes.size; again++) {
      const left = [...codes.keys()].filter((name) => !closes.has(name));
      for (const [name, verdict] of await fuzz(`ws://127.0.0.1:${address.port}/v1/live?streams=none`, left))
        if (verdict.remoteCloseCode === codes.get(name)) closes.set(name, verdict.remoteCloseCode);
    }
    expect([...codes.keys()].filter((name) => !closes.has(name))).toEqual([]);
    const count = live.of('emotion').length;
    await live.received('emotion', count + 2);
    expect(live.seqs).toEqual(live.seqs.map((_, i) => live.seqs[0]! + i));
  });
});
