import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listening, missing, startWith } from '../serve-process.ts';
import { Client, tempFolder, until } from '../support.ts';

describe.skipIf(missing !== '')('SIGHUP', () => {
  test('reloads the configuration: unchanged streams continue, an invalid configuration changes nothing', async () => {
    const dataDir = tempFolder();
    const file = join(dataDir, 'undertone.json');
    const write = (config: unknown) => writeFileSync(file, JSON.stringify(config));
    const common = { port: 0, dataDir: 'data', engine: 'wasm', logLevel: 'info' };
    const same = { name: 'same', source: 'demo:' };
    write({
      ...common,
      streams: [same, { name: 'other', source: 'demo:' }, { name: 'missing', source: 'file:none.ogg' }],
    });
    const server = startWith({}, '--config', file);
    const address = await listening(server);
    const live = new Client(address, '/v1/live');
    await live.received('hello');
    const seqs = () =>
      live
        .of('emotion')
        .filter(({ stream }) => stream === 'same')
        .map(({ seq }) => seq);
    await until(() => seqs().length >= 2, 'frames');
    const runOfSame = async () =>
      ((await (await fetch(`${address.url}v1/streams/same`)).json()) as { run: number }).run;
    const run = await runOfSame();
    await until(() => server.err.includes('trying again until it is back'), 'the missing source');
    expect(server.err).toContain(join(dataDir, 'none.ogg'));

    writeFileSync(file, '{ "streams": [ }');
    server.child.kill('SIGHUP');
    await until(() => server.err.includes('was not changed'), 'the rejection');
    expect(server.err).toContain('is invalid in line 1: the JSON is invalid');
    write({ ...common, port: 'eighty' });
    server.child.kill('SIGHUP');
    await until(() => server.err.includes('port: expected a whole number'), 'the second rejection');

    write({ ...common, streams: [same, { name: 'tape', source: 'ftp://x' }] });
    server.child.kill('SIGHUP');
    await until(() => server.err.includes('The configuration is invalid: streams[1].source'), 'the third');
    expect(live.of('stream-stopped')).toEqual([]);

    write({ ...common, port: 1, logLevel: 'warn', streams: [same, { name: 'new', source: 'demo:?seed=2' }] });
    server.child.kill('SIGHUP');
    await until(() => live.of('emotion').some(({ stream }) => stream === 'new'), 'the new stream');
    await until(() => live.of('stream-stopped').length === 2, 'the end of the old ones');
    expect(
      live
        .of('stream-stopped')
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual(['missing', 'other']);
    expect(server.err).toContain('changes that need a restart: port');
    const count = seqs().length;
    await until(() => seqs().length >= count + 3, 'more frames');
    expect(seqs()).toEqual(seqs().map((_, i) => seqs()[0] + i));
    expect(await runOfSame()).toBe(run);
    expect(readFileSync(join(dataDir, 'data', 'audit.ndjson'), 'utf8')).toContain('"what":"reload"');

    server.child.kill('SIGTERM');
    await until(() => server.code() !== undefined, 'the end');
    expect(server.code()).toBe(0);
  });
});
