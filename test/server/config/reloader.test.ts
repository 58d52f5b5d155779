import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { reloader } from '../../../src/server/config/reloader.ts';
import { readSettings } from '../../../src/server/config/settings.ts';
import { UserError } from '../../../src/user-error.ts';
import { startServer, tempFolder, until } from '../support.ts';

/** A server that runs with a configuration which can be written anew; each reload tells what it logged. */
async function reloadable(config: object) {
  const folder = tempFolder();
  const file = join(folder, 'undertone.json');
  for (const name of ['cert', 'key']) writeFileSync(join(folder, `${name}.pem`), '-----BEGIN nothing-----');
  const write = (next: object) => writeFileSync(file, JSON.stringify(next));
  write(config);
  let lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
  const options = { config: file };
  const settings = readSettings(options);
  const server = await startServer({ dataDir: join(folder, 'data'), access: settings.access, logger });
  const check = async ({ plan }: typeof settings) => {
    if (plan.streams.some(({ source }) => source === 'bad:'))
      throw new UserError('bad-config', 'It cannot be.');
  };
  const reload = reloader({ options, settings, check, server, logger });
  return {
    url: server.url,
    async reload(next: object): Promise<string[]> {
      lines = [];
      write(next);
      reload();
      await until(() => /has been read again|Nothing is changed/.test(lines.at(-1) ?? ''), 'the reload');
      return lines.filter((line) => line !== 'SIGHUP (local): reload'); // What the audit says of each.
    },
  };
}

const read = 'The configuration has been read again.';
const tls = { cert: 'cert.pem', key: 'key.pem' };

test('TLS that goes needs a restart, and nothing does once it is back', async () => {
  const { reload } = await reloadable({ tls });
  const warning = 'The configuration has changed in what only a restart changes: tls.';
  expect(await reload({})).toEqual([warning, read]);
  expect(await reload({})).toEqual([warning, read]);
  expect(await reload({ tls })).toEqual([read]);
  expect(await reload({ tls: { cert: 'key.pem', key: 'cert.pem' } })).toEqual([read]);
});

test('a stream that cannot be changes nothing else either', async () => {
  const { url, reload } = await reloadable({ tokens: { required: true } });
  const status = async () => (await fetch(`${url}v1/streams`)).status;
  expect(await status()).toBe(401);
  const streams = [{ name: 'a', source: 'bad:' }];
  expect(await reload({ streams })).toEqual([
    'It cannot be. Nothing is changed: the configuration stays as it was.',
  ]);
  expect(await status()).toBe(401);
});

test('a configuration that demands tokens no more opens the API with a warning', async () => {
  const { url, reload } = await reloadable({ tokens: { required: true } });
  const opened = 'The configuration demands no tokens any more: whoever reaches this server may use its API.';
  expect(await reload({ tokens: { required: true } })).toEqual([read]);
  expect(await reload({})).toEqual([opened, read]);
  expect((await fetch(`${url}v1/streams`)).status).toBe(200);
  expect(await reload({})).toEqual([read]);
});
