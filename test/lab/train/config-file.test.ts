import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configOf, parseConfig, readConfig, resolveOptions } from '../../../lab/train/config-file.ts';
import { TRAINING } from '../../../lab/train/options.ts';
import { INPUTS } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { UserError } from '../../../src/user-error.ts';

test('without options the defaults of the mel front end apply', () => {
  expect(resolveOptions({})).toEqual(TRAINING.mel);
  expect(resolveOptions({ network: { frontEnd: 'ced-streaming' } })).toEqual(TRAINING['ced-streaming']);
});

test('flags override the file, which overrides the defaults', () => {
  const config = parseConfig(
    { network: { frontEnd: 'ced-streaming', hidden: 32 }, epochs: 7, dropout: 0.1 },
    'x.json',
  );
  const options = resolveOptions(config, { epochs: 9, network: { frontEnd: 'mel' } });
  expect(options).toEqual({
    ...TRAINING.mel,
    epochs: 9,
    dropout: 0.1,
    network: { ...TRAINING.mel.network, hidden: 32, inputs: INPUTS.mel },
  });
});

test('configOf returns a config that resolves to the same options', () => {
  for (const options of Object.values(TRAINING)) {
    const config = parseConfig(JSON.parse(JSON.stringify(configOf(options))), 'config.json');
    expect(resolveOptions(config)).toEqual(options);
  }
});

test.each<[unknown, string]>([
  [{ epochs: 'many' }, 'epochs: expected number, given "many"'],
  [{ epochs: 0 }, 'epochs: expected number to be >=1, given 0'],
  [{ network: { hidden: 1.5 } }, 'network.hidden: expected int, given 1.5'],
  [
    { decorrelate: true },
    'decorrelate: expected a number from 0 to 1 or a list of such numbers, which the ensemble members take in turn, given true',
  ],
  [{ decorrelate: [0, 2] }, 'decorrelate.1: expected number to be <=1, given 2'],
  [{ network: 3 }, 'network: expected object, given 3'],
  [{ schedule: 'no' }, 'schedule: expected one of "cosine"|"constant"|"step"|"plateau", given "no"'],
  [{ pieceSteps: [20, 8] }, 'pieceSteps: expected the first number to be at most the second, given [20,8]'],
  [{ noiseSnrDb: [10, 200] }, 'noiseSnrDb.1: expected number to be <=100, given 200'],
  [
    { calibrationFolds: 1 },
    'calibrationFolds: expected 0 or at least 2: a single fold has no training songs, given 1',
  ],
  [{ data: 5 }, 'data: expected a folder or a list of folders, given 5'],
  [
    { learningRat: 1 },
    'learningRat: expected an option that `undertone train --print-config` shows ("learningRate"?), given 1',
  ],
  [
    { network: { inputs: 3 } },
    'network.inputs: expected an option that `undertone train --print-config` shows, given 3',
  ],
  [[], 'the configuration: expected object, given []'],
])('%j is rejected with the option, the expected and the given value', (config, fault) => {
  expect(errorOf(config)).toBe(`The configuration x.json is invalid: ${fault}.`);
});

test('all errors are reported at once, one per line', () => {
  const config = { epochs: -1, network: { hidden: '64', layers: 2 }, dropuot: 0.2, refit: 'yes', seed: 3 };
  expect(errorOf(config).split('\n')).toEqual([
    'The configuration x.json has 5 errors:',
    '  network.hidden: expected number, given "64"',
    '  network.layers: expected an option that `undertone train --print-config` shows, given 2',
    '  epochs: expected number to be >=1, given -1',
    '  refit: expected boolean, given "yes"',
    '  dropuot: expected an option that `undertone train --print-config` shows ("dropout"?), given 0.2',
  ]);
});

function errorOf(config: unknown): string {
  try {
    parseConfig(config, 'x.json');
  } catch (fault) {
    expect(fault).toBeInstanceOf(UserError);
    return (fault as UserError).message;
  }
  throw new Error('The config was accepted.');
}

test('a missing file and invalid JSON are rejected', async () => {
  await expect(readConfig('nowhere.json')).rejects.toMatchObject({
    code: 'bad-config',
    message: /cannot be read/,
  });
  const path = join(await mkdtemp(join(tmpdir(), 'undertone-config-')), 'c.json');
  await writeFile(path, '{ "epochs": 3, }');
  await expect(readConfig(path)).rejects.toMatchObject({ code: 'bad-config', message: /is not valid JSON/ });
});

test('masterings need a front end with stored features', () => {
  expect(() => resolveOptions(parseConfig({ masterings: 1 }, 'x.json'))).toThrow(
    /"mel" .* set masterings to 0/,
  );
  expect(resolveOptions({}, {}).masterings).toBe(0);
  const small = { network: { frontEnd: 'ced-small' } } as const;
  expect(resolveOptions(small, {}).masterings).toBe(1);
  expect(resolveOptions({ ...small, masterings: 0 }).masterings).toBe(0);
});

test('a kernel regression needs a front end with stored features', () => {
  const config = parseConfig({ network: { frontEnd: 'mel', landmarks: 100 } }, 'x.json');
  expect(() => resolveOptions(config)).toThrow(/"mel" has no kernel regression; set network.landmarks to 0/);
});
