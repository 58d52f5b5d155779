import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createReloader } from '../../../src/server/config/reloader.ts';
import { readSettings } from '../../../src/server/config/settings.ts';
import { UserError } from '../../../src/user-error.ts';
import { startServer, tempFolder, until } from '../support.ts';

/** A server with a configuration that the test can replace; `reload` returns the lines that it logged. */
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
      throw new UserError('bad-config', 'It is invalid.');
  };
  const reload = createReloader({ options, settings, check, server, logger });
  return {
    url: server.url,
    async reload(next: object): Promise<string[]> {
      lines = [];
      write(next);
      reload();
      await until(() => /was reloaded|was not changed/.test(lines.at(-1) ?? ''), 'the reload');
      return lines.filter((line) => line !== 'SIGHUP (local): reload'); // Without the line of the audit.
    },
  };
}

const reloaded = 'The configuration was reloaded.';
const tls = { cert: 'cert.pem', key: 'key.pem' };

test('turning TLS off needs a restart; replacing its files does not', async () => {
  const { reload } = await reloadable({ tls });
  const warning = 'The configuration has changes that need a restart: tls.';
  expect(await reload({})).toEqual([warning, reloaded]);
  expect(await reload({})).toEqual([warning, reloaded]);
  expect(await reload({ tls })).toEqual([reloaded]);
  expect(await reload({ tls: { cert: 'key.pem', key: 'cert.pem' } })).toEqual([reloaded]);
});

test('another library needs a restart', async () => {
  const { reload } = await reloadable({});
  const warning = 'The configuration has changes that need a restart: library.';
  expect(await reload({ library: 'other.db' })).toEqual([warning, reloaded]);
});

test('a configuration with an invalid stream changes nothing', async () => {
  const { url, reload } = await reloadable({ tokens: { required: true } });
  const status = async () => (await fetch(`${url}v1/streams`)).status;
  expect(await status()).toBe(401);
  const streams = [{ name: 'a', source: 'bad:' }];
  expect(await reload({ streams })).toEqual(['It is invalid. The configuration was not changed.']);
  expect(await status()).toBe(401);
});

test('a configuration that no longer requires tokens opens the API, with a warning', async () => {
  const { url, reload } = await reloadable({ tokens: { required: true } });
  const opened = 'The configuration no longer requires tokens: every client can use the API.';
  expect(await reload({ tokens: { required: true } })).toEqual([reloaded]);
  expect(await reload({})).toEqual([opened, reloaded]);
  expect((await fetch(`${url}v1/streams`)).status).toBe(200);
  expect(await reload({})).toEqual([reloaded]);
});
