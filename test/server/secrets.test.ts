import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changeTokens, makeToken, TOKEN_FILE } from '../../src/server/auth/token-file.ts';
import { withoutTokens } from '../../src/server/logger.ts';
import { listening, missing, startWith } from './serve-process.ts';
import { Client, tempFolder, until } from './support.ts';

describe('a line of the log', () => {
  test.each([
    [`GET /v1/live?token=${'x'.repeat(9)}&a=1`, 'GET /v1/live?token=…&a=1'],
    ['http://me:secret@radio.example/live', 'http://…@radio.example/live'],
    ['authorization: Bearer abc.def', 'authorization: Bearer …'],
    [`{"msg":"ut_${'a'.repeat(43)}"}`, '{"msg":"ut_…"}'],
  ])('%s', (line, clean) => {
    expect(withoutTokens(line)).toBe(clean);
  });
});

const haveOpenssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    console.warn('The test with TLS is skipped: openssl is missing.');
    return false;
  }
})();

describe.skipIf(missing !== '')('output of the server', () => {
  test('contains no secret, whatever is requested and whatever fails', async () => {
    const dataDir = tempFolder();
    const secrets = {
      master: 'master-S3CRET',
      hook: 'hook-S3CRET',
      password: 'pass-S3CRET',
      query: 'query-S3CRET',
    };
    const made = makeToken('watcher', ['watch']);
    await changeTokens(join(dataDir, TOKEN_FILE), () => [made.entry]);
    const config = join(dataDir, 'undertone.json');
    const write = (extra: object) =>
      writeFileSync(
        config,
        JSON.stringify({
          streams: [
            { name: 'demo', source: 'demo:' },
            { name: 'gone', source: `http://me:${secrets.password}@127.0.0.1:9/live?key=${secrets.query}` },
          ],
          alerts: [{ name: 'lost', when: 'source-lost' }],
          webhooks: [{ name: 'hook', url: `http://127.0.0.1:9/${secrets.query}`, secret: { env: 'HOOK' } }],
          ...extra,
        }),
      );
    write({});
    const args = [
      '--config',
      config,
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--engine',
      'wasm',
      '--log-level',
      'debug',
    ];
    const server = startWith({ UNDERTONE_TOKEN: secrets.master, HOOK: secrets.hook }, ...args);
    const address = await listening(server);
    const live = new Client(address, `/v1/live?since=-1&token=${made.token}`);
    await live.received('emotion');
    await live.received('alert-raised');
    await until(() => server.err.includes('The webhook hook did not accept an alert'), 'the webhook');
    for (const token of [secrets.master, made.token, 'ut_wrong']) {
      await fetch(`${address.url}v1/streams?token=${token}`);
      await fetch(`${address.url}v1/streams/x`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}` },
      });
      await fetch(`${address.url}v1/%00?token=${token}`);
      await new Client(address, `/v1/streams/A/audio?token=${token}`).opened();
    }
    write({ webhooks: [{ name: 'hook', url: secrets.query, secret: secrets.hook }] });
    server.child.kill('SIGHUP');
    await until(() => server.err.includes('was not changed'), 'the rejection');
    const received = JSON.stringify(live.messages);
    server.child.kill('SIGTERM');
    await until(() => server.code() !== undefined, 'the end');

    const files = readdirSync(dataDir).filter(
      (name) => name !== 'undertone.json' && statSync(join(dataDir, name)).isFile(),
    );
    expect(files).toEqual(
      expect.arrayContaining(['audit.ndjson', 'undertone.db', 'tokens.json', 'tokens-used.json']),
    );
    const written = [
      server.out,
      server.err,
      received,
      ...files.map((name) => readFileSync(join(dataDir, name), 'latin1')),
    ];
    for (const secret of [...Object.values(secrets), made.token])
      for (const [i, text] of written.entries())
        expect(text.includes(secret), `${secret} in part ${i}`).toBe(false);
  });

  test.skipIf(!haveOpenssl)(
    'uses TLS with the configured files, and with new ones after SIGHUP',
    async () => {
      const folder = tempFolder();
      mkdirSync(join(folder, 'data'));
      const make = (name: string) =>
        execFileSync(
          'openssl',
          [
            ...[
              'req',
              '-x509',
              '-newkey',
              'ec',
              '-pkeyopt',
              'ec_paramgen_curve:prime256v1',
              '-nodes',
              '-days',
              '2',
            ],
            ...['-subj', `/CN=${name}`, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
          ],
          { stdio: 'ignore' },
        );
      make('first');
      const config = join(folder, 'undertone.json');
      const tls = { cert: 'cert.pem', key: 'key.pem' };
      writeFileSync(config, JSON.stringify({ port: 0, dataDir: 'data', engine: 'wasm', streams: [], tls }));
      const server = startWith({}, '--config', config);
      const { port, url } = await listening(server);
      expect(url).toMatch(/^https:/);
      const subject = () =>
        new Promise<string>((resolve, reject) => {
          const options = {
            host: '127.0.0.1',
            port,
            path: '/healthz',
            rejectUnauthorized: false,
            agent: false,
          };
          request(options, (response) => {
            const { subject } = (response.socket as import('node:tls').TLSSocket).getPeerCertificate();
            response.resume().on('end', () => resolve(`${response.statusCode} ${subject.CN}`));
          })
            .on('error', reject)
            .end();
        });
      expect(await subject()).toBe('200 first');
      make('second');
      server.child.kill('SIGHUP');
      await until(() => server.err.includes('was reloaded'), 'the reload');
      expect(await subject()).toBe('200 second');
      writeFileSync(join(folder, 'key.pem'), 'nonsense');
      server.child.kill('SIGHUP');
      await until(() => server.err.includes('tls.key: expected a PEM file'), 'the rejection');
      expect(await subject()).toBe('200 second');
    },
  );
});
