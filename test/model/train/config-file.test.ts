import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INPUTS } from '../../../src/model/config.ts';
import { configOf, parseConfig, readConfig, resolveOptions } from '../../../src/model/train/config-file.ts';
import { TRAINING } from '../../../src/model/train/options.ts';

test('nothing given is the standard training of the mel front end', () => {
  expect(resolveOptions({})).toEqual(TRAINING.mel);
  expect(resolveOptions({ network: { frontEnd: 'musicnn' } })).toEqual(TRAINING.musicnn);
});

test('flags count more than the file, the file more than the standard', () => {
  const config = parseConfig(
    { network: { frontEnd: 'musicnn', hidden: 32 }, epochs: 7, dropout: 0.1 },
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

test('options as they were resolved are a config that gives them again', () => {
  for (const options of Object.values(TRAINING)) {
    const config = parseConfig(JSON.parse(JSON.stringify(configOf(options))), 'config.json');
    expect(resolveOptions(config)).toEqual(options);
  }
});

test.each<[unknown, RegExp]>([
  [{ epochs: 'many' }, /x\.json does not fit: epochs: expected number.*, but it is "many"\./],
  [{ epochs: 0 }, /epochs: .*>=1, but it is 0\./],
  [{ network: { hidden: 1.5 } }, /network\.hidden: .*, but it is 1\.5\./],
  [{ schedule: 'magic' }, /schedule: .*"cosine"\|"constant"\|"step"\|"plateau", but it is "magic"\./],
  [{ pieceSteps: [20, 8] }, /pieceSteps: the first number must not be over the second, but it is \[20,8\]/],
  [{ noiseSnrDb: [10, 200] }, /noiseSnrDb\.1: .*<=100, but it is 200/],
  [{ learningRat: 1 }, /there is no option "learningRat"; .*--print-config/],
  [{ network: { inputs: 3 } }, /there is no option "network\.inputs"/],
  [[], /the whole: expected object/],
])('%j is refused with the key, what was expected and what came', (config, sentence) => {
  expect(() => parseConfig(config, 'x.json')).toThrow(sentence);
});

test('a file that is none, or no JSON', async () => {
  await expect(readConfig('nowhere.json')).rejects.toMatchObject({
    code: 'bad-config',
    message: /cannot be read/,
  });
  const path = join(await mkdtemp(join(tmpdir(), 'undertone-config-')), 'c.json');
  await writeFile(path, '{ "epochs": 3, }');
  await expect(readConfig(path)).rejects.toMatchObject({ code: 'bad-config', message: /is no JSON/ });
});
