import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';

export const hasIcecast = (): boolean => spawnSync('icecast2', ['-v']).status === 0;

/** Of sources. */
export const PASSWORD = 'soak';

/** Starts Icecast on a free port of 127.0.0.1, with its files in `folder`. Kill it with SIGKILL: it ends slowly. */
export async function startIcecastServer(
  folder: string,
): Promise<{ readonly port: number; readonly process: ChildProcess }> {
  const port = await freePort();
  const config = join(folder, 'icecast.xml');
  chmodSync(folder, 0o777); // Icecast does not run as root: it changes to another user.
  writeFileSync(
    config,
    `<icecast><limits><clients>50</clients><sources>5</sources></limits>
    <authentication><source-password>${PASSWORD}</source-password><admin-password>${PASSWORD}</admin-password></authentication>
    <hostname>127.0.0.1</hostname><listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
    <paths><basedir>/usr/share/icecast2</basedir><logdir>${folder}</logdir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot></paths>
    <logging><accesslog>-</accesslog><errorlog>error.log</errorlog></logging>
    <security><changeowner><user>nobody</user><group>nogroup</group></changeowner></security></icecast>`,
  );
  const icecast = spawn('icecast2', ['-c', config], { stdio: 'ignore' });
  await sleep(1500);
  if (icecast.exitCode !== null) throw new Error(`Icecast did not start; see ${folder}/error.log.`);
  return { port, process: icecast };
}
