import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { activityCommand } from '../../lab/commands/activity.ts';
import { compareCommand } from '../../lab/commands/compare.ts';
import { distillCommand } from '../../lab/commands/distill.ts';
import { evaluateCommand } from '../../lab/commands/evaluate.ts';
import { trainCommand } from '../../lab/commands/train.ts';
import { trainForecastCommand } from '../../lab/commands/train-forecast.ts';
import { backupCommand } from '../../src/commands/backup.ts';
import { calibrateCommand } from '../../src/commands/calibrate.ts';
import { clockCommand } from '../../src/commands/clock.ts';
import { devicesCommand } from '../../src/commands/devices.ts';
import { doctorCommand } from '../../src/commands/doctor.ts';
import { engineCommand } from '../../src/commands/engine.ts';
import { exportCommand } from '../../src/commands/export.ts';
import { importCommand } from '../../src/commands/import.ts';
import { libraryCommand } from '../../src/commands/library.ts';
import { nextCommand } from '../../src/commands/next.ts';
import { serveCommand } from '../../src/commands/serve.ts';
import { setCommand } from '../../src/commands/set.ts';
import { sinksCommand } from '../../src/commands/sinks.ts';
import { tokenCommand } from '../../src/commands/token.ts';
import { trackCommand } from '../../src/commands/track.ts';

const commands = [
  serveCommand(),
  trackCommand(),
  libraryCommand(),
  nextCommand(),
  setCommand(),
  calibrateCommand(),
  tokenCommand(),
  exportCommand(),
  importCommand(),
  backupCommand(),
  doctorCommand(),
  clockCommand(),
  devicesCommand(),
  sinksCommand(),
  engineCommand(),
  trainCommand(),
  trainForecastCommand(),
  distillCommand(),
  evaluateCommand(),
  compareCommand(),
  activityCommand(),
].flatMap((command) => [command, ...command.commands]);

test.each(commands.map((command): [string, Command] => [fullName(command), command]))(
  '%s --help shows an example and no raw default value',
  (name, command) => {
    const parts: string[] = [];
    command.configureOutput({ writeOut: (text) => void parts.push(text) }).outputHelp();
    const help = parts.join('');
    expect(help).toMatch(/\nExamples?:\n {2}\$ /);
    expect(help).toContain(`undertone ${name}`);
    expect(help).not.toMatch(/default: [[{]/);
  },
);

function fullName(command: Command): string {
  return command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
}
