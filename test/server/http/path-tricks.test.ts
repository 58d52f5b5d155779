import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rawRequest } from '../raw-request.ts';
import { missing, serveWith } from '../serve-process.ts';

/** For some thousand requests in sequence. */
const SLOW = { timeout: 900_000 };

/** Files outside the served folder. */
const OUTSIDE = ['cli.js', 'package.json', 'undertone.schema.json', 'etc/passwd', 'data/tokens.json'];
const UP = [
  '../',
  '../../',
  '../../../../../../../../',
  './../',
  '.././',
  '..//',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%2f',
  '..%2F..%2F',
  '%252e%252e%252f',
  '..%5c',
  '..\\',
  '..%c0%af',
  '%c0%ae%c0%ae/',
  '%uff0e%uff0e/',
  '..;/',
  '..%00/',
  '%00../',
  '\x7f../',
];
const FROM = ['/', '//', '/assets/', '/assets//', '/./', '/docs/', '/v1/', '/v1/streams/', '/v1/sessions/'];

describe.skipIf(missing !== '')('undertone serve', () => {
  test('serves no file outside its folder, whatever the path', SLOW, async () => {
    const { port, server, folder } = await serveWith();
    writeFileSync(join(folder, 'secret.txt'), 'hidden words');
    const script = /src="\.?(\/assets\/[^"]+)"/.exec((await rawRequest(port, 'GET', '/')).body)?.[1];
    expect((await rawRequest(port, 'GET', script!)).status).toBe(200);
    const paths = [
      ...FROM.flatMap((from) => UP.flatMap((up) => OUTSIDE.map((file) => `${from}${up}${file}`))),
      ...[
        '/%00',
        '/%',
        '/%zz',
        '/%ff',
        '/\0',
        '/index.html%00.js',
        `${script}%00`,
        `${script}/..%2f..`,
        '/.',
        '/..',
      ],
      ...['/.git/config', '/~root', '/C:/Windows/win.ini', '/file:///etc/passwd', '//etc/passwd', '*', 'x'],
      `/${'a'.repeat(8_000)}`,
      `/${'../'.repeat(2_000)}etc/passwd`,
      `/${'%2e%2e%2f'.repeat(800)}etc/passwd`,
      `/v1/streams/${'a'.repeat(8_000)}`,
      `/v1/streams/${'a'.repeat(65)}/emotions`,
      ...[
        '%00',
        '..',
        '..%2f..',
        '%2e%2e',
        'a%2fb',
        'A',
        ' ',
        '%20',
        'a%0d%0aSet-Cookie:x',
        '__proto__',
        'CON',
      ].flatMap((name) => [
        `/v1/streams/${name}`,
        `/v1/streams/${name}/emotions`,
        `/v1/streams/${name}/audio`,
        `/v1/streams/${name}/alerts`,
        `/v1/sessions/${name}`,
        `/v1/sessions/${name}/report`,
      ]),
    ];
    for (const path of paths) {
      const { status, head, body } = await rawRequest(port, 'GET', path);
      expect(body, path).not.toMatch(/hidden words|root:.*:0:0:|"dependencies"|commander|\$schema/);
      // A path with dots may lead to an existing route.
      if (status === 200) expect(head, path).toMatch(/content-type: (text\/html|application\/json)/i);
      else expect([400, 404, 426], `${path}: ${status}`).toContain(status);
      expect(head, path).not.toMatch(/set-cookie/i);
    }
    const tooLong = await rawRequest(port, 'GET', `/${'a'.repeat(100_000)}`);
    expect([414, 431]).toContain(tooLong.status);
    const tooMany = await rawRequest(port, 'GET', '/', { Cookie: 'a'.repeat(100_000) });
    expect(tooMany.status).toBe(431);
    expect(server.err).not.toMatch(/"level":(50|60)/);
    expect((await rawRequest(port, 'GET', '/healthz')).status).toBe(200);
  });

  test('no spelling of a path bypasses the token', SLOW, async () => {
    const { port } = await serveWith({ tokens: { required: true } }, { UNDERTONE_TOKEN: 'sesame' });
    const spellings = [
      '//v1/streams',
      '/v1//streams',
      '/v1/streams/',
      '/v1/./streams',
      '/x/../v1/streams',
      '/docs/../v1/streams',
      '/assets/..%2fv1/streams',
      '/%76%31/streams',
      '/v1%2fstreams',
      '/v1/%73treams',
      '/V1/STREAMS',
      '/v1/streams;a=b',
      '/v1/streams%3fx',
      '/v1/streams%00',
      '/v1/streams#x',
      '/v1\\streams',
      '/metrics/',
      '//metrics',
      '/%6detrics',
      '/METRICS',
      '/healthz/../metrics',
      `http://127.0.0.1:${port}/v1/streams`,
      `http://evil.example/v1/streams`,
    ];
    for (const path of spellings)
      for (const method of ['GET', 'HEAD', 'get', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const { status, body } = await rawRequest(port, method, path, { 'X-HTTP-Method-Override': 'GET' });
        expect([400, 401, 404, 405, 421, 204, 501], `${method} ${path}: ${status}`).toContain(status);
        expect(body, `${method} ${path}`).not.toMatch(/"demo"|undertone_steps/);
      }
  });
});
