import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../src/server/config/read-config.ts';
import { readSettings } from '../../src/server/config/settings.ts';
import { STREAM_SINK_KINDS } from '../../src/sinks/kinds/index.ts';
import { parseSinkArgument } from '../../src/sinks/sink-argument.ts';

afterEach(() => vi.unstubAllEnvs());

describe('--sink', () => {
  test('maps one value, and reads the secret from a variable', () => {
    vi.stubEnv('BROKER_PASSWORD', 'hidden');
    expect(
      parseSinkArgument('osc:localhost:9000?value=arousal&as=/a/b&to=0..1&from=-.5..0.5&smooth=2s'),
    ).toEqual({
      sink: 'osc:localhost:9000',
      values: [{ value: 'arousal', as: '/a/b', to: [0, 1], from: [-0.5, 0.5], smooth: '2s' }],
    });
    expect(parseSinkArgument('mqtt://broker?qos=1&every=5s&user=me&secretEnv=BROKER_PASSWORD')).toEqual({
      sink: 'mqtt://broker?qos=1',
      every: '5s',
      user: 'me',
      secret: 'hidden',
    });
  });

  test('leaves a web address the options that are no keys of a value, whatever their letters', () => {
    expect(parseSinkArgument('webhook:http://a/hook?api_key=7&value=arousal&on=0.5')).toEqual({
      sink: 'webhook:http://a/hook?api_key=7',
      values: [{ value: 'arousal', on: 0.5 }],
    });
  });

  test.each(STREAM_SINK_KINDS.map(({ example }) => example))('accepts the example %s', (example) => {
    for (const name of ['MQTT_PASSWORD', 'INFLUX_TOKEN']) vi.stubEnv(name, 'hidden');
    expect(parseSinkArgument(example)).toBeDefined();
  });

  test.each([
    ['9000', 'expected a sink such as "osc:127.0.0.1:9000"'],
    ['smoke:1', 'expected a sink of one of the kinds osc:, mqtt:'],
    ['osc:localhost', 'expected a host and a port'],
    ['osc:localhost:70000', 'expected a host and a port'],
    ['osc:a:1?adress=/x', 'expected the options address, framing of osc:, not "adress"'],
    ['osc:a:1?address=/{name}', 'expected only {stream} and {value} in braces'],
    ['osc:a:1?value=arousal&as=opacity', 'expected an OSC address'],
    ['osc:a:1?value=mood&to=0..1', 'to: expected no "to": mood is a word'],
    ['osc:a:1?value=arousal&to=1', 'to: expected two numbers'],
    ['osc:a:1?value=arousal&edge=on', 'edge: expected "on" beside "edge"'],
    ['osc:a:1?edge=on', 'expected "value" beside "edge", such as value=arousal'],
    ['file:/', 'expected the path of a file, not of the folder "/"'],
    ['file:frames/', 'expected the path of a file, not of the folder'],
    ['osc:a:1?value=forecast/5&on=0', 'expected one axis, such as "forecast/5/arousal"'],
    ['osc:a:1?value=energy', 'value: expected one of valence, arousal'],
    ['mqtt:broker', 'expected mqtt://HOST:PORT'],
    ['mqtt://broker?topic=a/%2B', 'expected a topic'],
    ['mqtt://broker?secretEnv=NO_SUCH_VARIABLE', 'the variable NO_SUCH_VARIABLE is not set'],
  ])('rejects %s in a sentence', (argument, expected) => {
    expect(() => parseSinkArgument(argument)).toThrow(expected);
  });

  test('rejects a password in the address without repeating it', () => {
    const parse = () => parseSinkArgument('mqtt://me:hidden@broker');
    expect(parse).toThrow(
      '--sink mqtt://broker is invalid: expected an address without a user and a password',
    );
  });

  test('replaces the list of the configuration', () => {
    expect(readSettings({ sink: ['osc:127.0.0.1:9000'] }).plan.sinks).toEqual([
      { sink: 'osc:127.0.0.1:9000' },
    ]);
  });
});

describe('sinks of the configuration', () => {
  const read = (value: unknown) => parseConfig(JSON.stringify(value, undefined, 2), 'undertone.json');

  test('may be those of one stream or of all', () => {
    const sinks = [{ sink: 'osc:127.0.0.1:9000', values: [{ value: 'arousal', on: 0.5, off: 0.4 }] }];
    expect(read({ sinks, streams: [{ name: 'a', source: 'demo:', sinks }] })).toMatchObject({ sinks });
  });

  test.each([
    [{ sinks: [{ sink: 'osc:localhost' }] }, /line 4: sinks\[0\]\.sink: expected a host and a port/],
    [
      { sinks: [{ sink: 'webhook:http://127.0.0.1:9332/mood?value=arousal&on=0&off=-0.1' }] },
      /sinks\[0\]\.sink: expected no option "value", which is written in "values" beside "sink"/,
    ],
    [
      { sinks: [{ sink: 'webhook:http://a/?api_key=1&every=5s' }] },
      /expected no option "every", which is written as "every" beside "sink"/,
    ],
    [
      { sinks: [{ sink: 'webhook:http://a/?debug&on=0' }] },
      /expected no option "on", which is written in "values" beside "sink"/,
    ],
    [
      { sinks: [{ sink: 'webhook:http://a/?secretEnv=KEY' }] },
      /expected no option "secretEnv", which is written as "secret" beside/,
    ],
    [
      { sinks: [{ sink: 'osc:a:1?value=arousal' }] },
      /expected no option "value", which is written in "values" beside "sink"/,
    ],
    [{ sinks: [{ sink: 'osc:a:1', valeus: [] }] }, /did you mean "values"/],
    [{ sinks: [{ sink: 'mqtt://a', secret: 'hidden' }] }, /sinks\[0\]\.secret: expected \{"env": "NAME"\}/],
    [
      { streams: [{ name: 'a', source: 'demo:', sinks: [{ sink: 'mqtt://a', secret: 'hidden' }] }] },
      /streams\[0\]\.sinks\[0\]\.secret: expected \{"env": "NAME"\}/,
    ],
    [{ sinks: [{ sink: 'mqtt://me:hidden@a' }] }, /expected an address without a user and a password/],
  ])('are rejected in a sentence: %j', (config, message) => {
    expect(() => read(config)).toThrow(message);
    expect(() => read(config)).not.toThrow(/hidden/);
  });
});
