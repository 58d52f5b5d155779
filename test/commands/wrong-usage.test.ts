import { afterEach, expect, test, vi } from 'vitest';
import { run } from '../../src/cli.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const EMPTY = 'has an empty value: give one';

test.each([
  [['track', '--out', '', 'x.wav'], `option '--out <file>' ${EMPTY}, or omit the option.`],
  [['track', '--model=', 'x.wav'], `option '--model <name>' ${EMPTY}, or omit the option.`],
  [['track', '--sink', '', 'x.wav'], `option '--sink <sink>' ${EMPTY}, or omit the option.`],
  [['serve', '--source', ''], `option '--source <source>' ${EMPTY}, or omit the option.`],
  [['doctor', '--data-dir', ''], `option '--data-dir <folder>' ${EMPTY}, or omit the option.`],
  [['export', '--stream', ''], `option '--stream <name>' ${EMPTY}.`],
  [['token', 'create', '--file', ''], `option '--file <file>' ${EMPTY}, or omit the option.`],
  [['next', '--played', 'a.ogg', ''], `option '--played <file...>' ${EMPTY}, or omit the option.`],
  [['compare', '--seed', ''], `option '--seed <n>' ${EMPTY}, or omit the option.`],
  [['token', 'revoke', ''], `argument 'token' is empty: give one.`],
  [['track', 'x.wav', ''], `argument 'input' is empty: give one.`],
  [['serve', 'song.ogg'], 'serve takes no arguments: give a source as an option, --source file:song.ogg.'],
  // An empty name of a MIDI input opens a virtual port.
  [
    ['serve', '--midi-in', '', '--port', ''],
    "option '--port <port>' argument '' is invalid. Expected a port",
  ],
  // Its own parser names what it expects.
  [['track', '--rate', '', 'x.wav'], "option '--rate <hz>' argument '' is invalid. Expected a whole number"],
])('undertone %j is wrong usage', async (args, message) => {
  const printed: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  await run(args);
  expect(printed.join('')).toContain(`error: ${message}`);
  expect(process.exitCode).toBe(2);
});
