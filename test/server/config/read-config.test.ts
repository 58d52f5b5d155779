import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig, readConfig } from '../../../src/server/config/read-config.ts';
import { tempFolder } from '../support.ts';

const read = (value: unknown) => parseConfig(JSON.stringify(value, undefined, 2), 'undertone.json');
const stream = { name: 'booth', source: 'demo:' };

describe('a configuration', () => {
  test('with every key is read unchanged', () => {
    const full = {
      $schema: './undertone.schema.json',
      host: '0.0.0.0',
      port: 8443,
      dataDir: 'data',
      model: 'undertone',
      engine: 'wasm',
      logLevel: 'info',
      logFormat: 'json',
      stdin: { format: 's16le', rate: 48_000, channels: 1 },
      streams: [
        {
          ...stream,
          model: 'undertone',
          keep: '90d',
          alerts: [{ name: 'dead-air', when: 'silence', for: '30s' }],
        },
      ],
      keep: '1y',
      sessions: { eraseFrames: true, letterhead: ['Clinic', '12 High Street'] },
      alerts: [{ name: 'hot', when: 'arousal', over: 0.8, for: '1m' }],
      webhooks: [{ name: 'desk', url: 'https://example.org/hook', secret: { env: 'HOOK' } }],
      tls: { cert: 'cert.pem', key: 'key.pem' },
      tokens: { file: 'tokens.json', required: true },
      origins: ['https://radio.example'],
      hosts: ['radio.example'],
      proxies: ['127.0.0.1', '10.0.0.0/8'],
      remote: { schemes: ['demo:'], folders: ['music'], privateNetworks: ['192.168.0.0/16'] },
      limits: { streams: 8 },
    };
    expect(read(full)).toMatchObject(full);
    expect(read({})).toEqual({});
    const streams = Array.from({ length: 1_000 }, (_, i) => ({ name: `s${i}`, source: 'demo:' }));
    expect(read({ streams }).streams).toHaveLength(1_000);
  });

  test.each<[string, number, string]>([
    ['', 1, 'the JSON is invalid'],
    ['{\n  "port": 1,\n}', 3, 'the JSON is invalid (property name expected)'],
    ['{\n  "port": 1\n  "host": "x"\n}', 3, 'the JSON is invalid (comma expected)'],
    ['{\n  // mine\n  "port": 1\n}', 2, 'the JSON is invalid (invalid comment token)'],
    ['{\n  "port": 1,\n  "host": "127.0.0.1",\n  "port": 2\n}', 4, 'the key "port" occurs twice'],
    [
      '{\n  "limits": {\n  "streams": 10001}\n}',
      3,
      'limits.streams: expected a whole number from 1 to 10000, but got 10001',
    ],
    ['{\n  "limits": {\n  "socket": 9}\n}', 3, 'limits has an unknown key "socket": did you mean "sockets"'],
    ['[]', 1, 'the file: expected object, but got a list of 0'],
    ['{\n  "port": "eighty"\n}', 2, 'port: expected a whole number from 0 to 65535, but got "eighty"'],
    ['{\n  "port": 65536\n}', 2, 'port: expected a whole number from 0 to 65535, but got 65536'],
    ['{\n  "prot": 1\n}', 2, 'the file has an unknown key "prot": did you mean "port"'],
    ['{\n "streams": [\n  {"name": "a", "soruce": "demo:"}\n ]\n}', 3, 'streams[0]'],
    [
      '{\n  "streams": [{"name": "A b", "source": "demo:"}]\n}',
      2,
      'streams[0].name: expected 1 to 64 of a-z',
    ],
    [
      '{\n  "streams": [{"name": "a"}]\n}',
      2,
      'streams[0].source: expected a source such as "soundcard:", but got nothing',
    ],
    ['{\n  "keep": 90\n}', 2, 'keep: expected a duration such as "90d", but got 90'],
    ['{\n  "keep": "90 days"\n}', 2, 'keep: expected a duration such as "90d", but got "90 days"'],
    ['{"engine": "cuda"}', 1, 'engine: expected one of auto, gpu, node, wasm, cpu, but got "cuda"'],
    [
      '{"origins": ["https://a.example/x"]}',
      1,
      'origins[0]: expected an origin such as "https://radio.example", without a path',
    ],
    [
      '{"alerts": [{"name":"a","when":"arousal","over":0.5,"for":"1s","until":1}]}',
      1,
      'alerts[0] has an unknown key "until"',
    ],
    [
      '{"alerts": [{"name":"a","when":"source-lost","for":"1s"}]}',
      1,
      'alerts[0] has a key "for" that does not go with its other keys: remove it',
    ],
    ['{"alerts": [{"name":"a","when":"noise"}]}', 1, 'alerts[0].when: expected "when" to be one of'],
    [
      '{"alerts": [{"name":"a","when":"silence","for":"0.1s"}]}',
      1,
      'alerts[0].for: expected a duration such as "30s", but got "0.1s"',
    ],
    [
      '{"streams": [{"name":"a","source":"demo:"},{"name":"a","source":"demo:"}]}',
      1,
      'streams: expected each name once, but got a list of 2',
    ],
  ])('%s', (text, line, expected) => {
    let message = '';
    try {
      parseConfig(text, 'undertone.json');
    } catch (error) {
      expect(error).toMatchObject({ name: 'UserError', code: 'bad-config' });
      message = (error as Error).message;
    }
    expect(message).toContain(expected);
    expect(message).toContain(`undertone.json is invalid in line ${line}: `);
    expect(message).toMatch(/^[^\n]*\.$/);
  });

  test('a misspelled key is reported with the nearest key, at any depth', () => {
    const reading = (value: unknown) => () => read(value);
    expect(reading({ streams: [{ ...stream, modle: 'x' }] })).toThrow(
      /streams\[0\] has an unknown key "modle": did you mean "model"/,
    );
    expect(reading({ tls: { cert: 'a', kye: 'b', key: 'c' } })).toThrow(
      /tls has an unknown key "kye": did you mean "key"/,
    );
    expect(reading({ remote: { folder: [] } })).toThrow(
      /remote has an unknown key "folder": did you mean "folders"/,
    );
    expect(reading({ tls: { cert: 'a', key: 'c', zzzzzzzzzz: 1 } })).toThrow(/expected one of cert, key/);
  });

  test('a secret in the file is rejected and not repeated', () => {
    const hook = { name: 'a', url: 'https://example.org', secret: 'hunter2' };
    expect(() => read({ webhooks: [hook] })).toThrow(/webhooks\[0\]\.secret: expected \{"env": "NAME"\}/);
    expect(() => read({ webhooks: [hook] })).not.toThrow(/hunter2/);
    expect(() => read({ webhooks: [{ ...hook, url: 'hunter2' }] })).not.toThrow(/hunter2/);
  });
});

describe('a configuration file', () => {
  const text =
    '{\r\n  "port": 8443,\r\n  "streams": [{ "name": "booth", "source": "file:Für Élise.ogg" }]\r\n}\r\n';
  const config = { port: 8443, streams: [{ name: 'booth', source: 'file:Für Élise.ogg' }] };
  const readBytes = (bytes: Uint8Array) => {
    const file = join(tempFolder(), 'undertone.json');
    writeFileSync(file, bytes);
    return readConfig(file);
  };

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
  ])('in %s is read', (_encoding, bytes) => {
    expect(readBytes(bytes)).toEqual(config);
  });

  test('in another encoding has a sentence', () => {
    expect(() => readBytes(Buffer.from(text, 'latin1'))).toThrow(
      expect.objectContaining({
        code: 'bad-config',
        message: expect.stringMatching(/is not UTF-8 text: save it in that encoding\.$/),
      }),
    );
  });

  test('with a byte order mark has its errors in the right lines', () => {
    expect(() => readBytes(Buffer.from('\uFEFF{\r\n"port": true}'))).toThrow(/in line 2: port: expected/);
  });
});
