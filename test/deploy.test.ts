import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/server/config/read-config.ts';
import { tempFolder } from './server/support.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, 'deploy', name), 'utf8');

const haveSystemd = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0;
if (!haveSystemd) console.warn('systemd-analyze is missing: the unit is not verified.');

describe('deploy/', () => {
  test('the example configuration is valid', () => {
    expect(parseConfig(read('undertone.json'), 'undertone.json').streams?.length).toBeGreaterThan(0);
  });

  test.skipIf(!haveSystemd)('systemd-analyze verify reports nothing for the unit', () => {
    const unit = join(tempFolder(), 'undertone.service');
    writeFileSync(unit, read('undertone.service').replace('/usr/bin/undertone', process.execPath));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    expect({ status, output: `${stdout}${stderr}` }).toEqual({ status: 0, output: '' });
  });

  test('the container file copies existing paths, and its health check requests /readyz', () => {
    const lines = read('Containerfile').split('\n');
    const copied = lines.flatMap(
      (line) => /^COPY (?:--from=build )?(.*) \S+$/.exec(line)?.[1]?.split(' ') ?? [],
    );
    expect(copied.length).toBeGreaterThan(4);
    for (const path of copied) {
      const inRepository = path.replace(/^\/app\/?/, '') || '.';
      expect({ path, exists: existsSync(join(ROOT, inRepository)) }).toEqual({ path, exists: true });
    }
    expect(lines.join('\n')).toContain('127.0.0.1:8787/readyz');
    // The compiler writes it without the permission, and the link in the PATH would not work.
    expect(lines.join('\n')).toMatch(/chmod \+x dist\/cli\.js && ln -s \/app\/dist\/cli\.js /);
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const image = Number(/^ARG NODE_IMAGE=\S*\bnode:(\d+)/m.exec(lines.join('\n'))?.[1]);
    expect(image).toBeGreaterThanOrEqual(Number.parseInt(engines.node.replace('>=', ''), 10));
  });
});
