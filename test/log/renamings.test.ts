import { expect, test } from 'vitest';
import { tempFolder } from '../server/support.ts';
import { openLog } from './open-log.ts';

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;

test('a stream keeps its former names, with the times at which it had them', () => {
  const dataDir = tempFolder();
  const log = openLog({ dataDir });
  const rename = (stream: string, renamedTo: string, hour: number) =>
    log.renamings.add({ type: 'stream-removed', stream, renamedTo, time: at(hour) });
  rename('booth', 'stage', 1);
  rename('stage', 'main', 2);
  // Another stream has the first name since.
  rename('booth', 'hall', 3);
  // And one gets its own name back.
  rename('main', 'stage', 4);
  log.renamings.add({ type: 'stream-removed', stream: 'hall', time: at(5) });
  log.close();

  const { renamings } = openLog({ dataDir });
  expect(renamings.formerly('stage')).toEqual([
    { stream: 'main', since: at(2), until: at(4) },
    { stream: 'booth', since: null, until: at(1) },
  ]);
  expect(renamings.formerly('hall')).toEqual([{ stream: 'booth', since: at(1), until: at(3) }]);
  expect(renamings.formerly('booth')).toEqual([]);
});
