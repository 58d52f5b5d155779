import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { httpSource } from '../../../src/stream/sources/http.ts';
import { CLI, missing } from '../../server/serve-process.ts';
import { tempFolder } from '../../server/support.ts';
import { lenaFile } from '../../support/audio.ts';
import { collect } from '../../support/collect.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.warn('Skipped the tests of TLS: install openssl.');

const KEY = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

function openssl(cwd: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd });
  if (status !== 0) throw new Error(String(stderr));
}

/** Makes `key.pem` and `cert.pem`, for localhost, signed with itself. */
function selfSigned(folder: string): void {
  const subject = ['-days', '1', '-subj', '/CN=localhost'];
  openssl(folder, 'req', '-x509', ...KEY, ...subject, '-keyout', 'key.pem', '-out', 'cert.pem');
}

/** Makes `ca.pem`, and `key.pem` and `cert.pem` for localhost, signed with it. */
function signedByOwnAuthority(folder: string): void {
  openssl(folder, 'req', '-x509', ...KEY, '-subj', '/CN=An authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl(folder, 'req', ...KEY, '-subj', '/CN=localhost', '-keyout', 'key.pem', '-out', 'request.pem');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'names'];
  openssl(folder, 'x509', '-req', '-in', 'request.pem', ...signing, '-out', 'cert.pem');
}

const song = readFileSync(lenaFile('mp3'));
const PLAYLIST = [
  '#EXTM3U',
  '#EXT-X-TARGETDURATION:13',
  '#EXTINF:13,',
  'song.mp3',
  '#EXT-X-ENDLIST',
  '',
].join('\n');

/** A station at `/live` and an HLS playlist at `/list.m3u8`, with the certificate in `folder`. */
async function serveTls(folder: string): Promise<number> {
  const [key, cert] = ['key.pem', 'cert.pem'].map((file) => readFileSync(join(folder, file)));
  const server = createServer({ key: key!, cert: cert! }, ({ url }, response) => {
    if (url === '/live')
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'icy-name': 'Test' }).end(song);
    else response.end(url === '/list.m3u8' ? PLAYLIST : song);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const read = (url: string) => collect(httpSource(url, { paced: false }).open(new AbortController().signal));

test.skipIf(!hasOpenssl)('a certificate that nobody vouches for is refused, and named', async () => {
  const folder = tempFolder();
  selfSigned(folder);
  const port = await serveTls(folder);
  await expect(read(`https://127.0.0.1:${port}/live`)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
  });
});

/** `undertone track`, in a process of its own: Node reads NODE_EXTRA_CA_CERTS when it starts. */
function track(url: string, environment: NodeJS.ProcessEnv): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: '', ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'track', url, '--model', 'undertone-lite'],
      { env },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
}

test.skipIf(!hasOpenssl || missing !== '')(
  'a station and an HLS playlist are read where the authority is trusted, and refused in a sentence where not',
  { timeout: 120_000 },
  async () => {
    const folder = tempFolder();
    signedByOwnAuthority(folder);
    const port = await serveTls(folder);
    const trust = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    for (const path of ['live', 'list.m3u8']) {
      const url = `https://localhost:${port}/${path}`;
      const refused = await track(url, {});
      expect(refused.stdout).toBe('');
      expect(refused.stderr).toBe(
        `undertone: ${url} cannot be read: its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE); check the address, or, for an authority of your own, set NODE_EXTRA_CA_CERTS to its certificate (a PEM file).\n`,
      );
      const trusted = await track(url, trust);
      const frames = trusted.stdout.split('\n').filter((line) => line.includes('"type":"emotion"'));
      expect(frames.length, trusted.stderr).toBeGreaterThan(20);
    }
    const elsewhere = await track(`https://127.0.0.1:${port}/live`, trust);
    expect(elsewhere.stderr).toMatch(
      /its certificate is not valid for this host \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
  },
);
