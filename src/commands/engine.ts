import { Argument, Command, Option } from 'commander';
import {
  describeTensorFlow,
  ENGINE_NAMES,
  type EngineName,
  isInstalled,
  loadEngine,
} from '../model/engine.ts';
import {
  engineFolder,
  enginesFolder,
  NATIVE_ENGINES,
  type NativeEngineName,
} from '../model/engines/engine-folder.ts';
import { ENGINE_ORIGINS, type EngineOrigin, installEngine } from '../model/engines/install-engine.ts';
import { printProgress } from '../model/engines/tools.ts';
import { verifyEngine } from '../model/engines/verify-engine.ts';

/** `undertone engine`: the compute backends, and the native ones to install. */
export function engineCommand(): Command {
  const command = new Command('engine')
    .description('List and install the compute backends of the models.')
    .addHelpText('after', '\nExample:\n  $ undertone engine list');
  command.addCommand(listCommand()).addCommand(installCommand());
  return command;
}

function listCommand(): Command {
  return new Command('list')
    .description('List the engines, fastest first, and whether each works.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ undertone engine list')
    .action(async (options: { json?: boolean }) => {
      const engines: EngineReport[] = [];
      for (const name of ENGINE_NAMES) engines.push(await describe(name));
      if (options.json) {
        console.log(JSON.stringify({ folder: enginesFolder(), engines }));
        return;
      }
      for (const { name, description } of engines) console.log(`${name.padEnd(5)} ${description}`);
    });
}

interface EngineReport {
  readonly name: EngineName;
  readonly works: boolean;
  readonly description: string;
}

async function describe(name: EngineName): Promise<EngineReport> {
  if (!isInstalled(name)) {
    return { name, works: false, description: `not installed: undertone engine install ${name}` };
  }
  if (name === 'wasm' || name === 'cpu') {
    return { name, works: true, description: (await loadEngine(name)).description };
  }
  try {
    // In a separate process, since two TensorFlow libraries in one process conflict.
    const { tensorflow, gpu } = await verifyEngine(name, engineFolder(name));
    return { name, works: true, description: describeTensorFlow(tensorflow, gpu) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = `reinstall it with: undertone engine install ${name} --force`;
    return { name, works: false, description: `does not run (${reason}); ${remedy}` };
  }
}

interface InstallFlags {
  readonly from: EngineOrigin;
  readonly force?: boolean;
  readonly dir?: string;
}

function installCommand(): Command {
  return new Command('install')
    .description('Install a native engine, for training and for many streams at once.')
    .addArgument(
      new Argument('<name>', 'node: TensorFlow on the CPU; gpu: TensorFlow on an NVIDIA GPU').choices(
        NATIVE_ENGINES,
      ),
    )
    .option(
      '--dir <folder>',
      'folder of the engines (default: UNDERTONE_ENGINE_DIR, else the data folder of the user)',
    )
    .addOption(
      new Option(
        '--from <origin>',
        "package: run the package's own install step; wheel: build it here; auto: whichever works",
      )
        .choices(ENGINE_ORIGINS)
        .default('auto'),
    )
    .option('--force', 'install again even if a working engine exists')
    .addHelpText('after', '\nExample:\n  $ undertone engine install node')
    .action(async (name: NativeEngineName, flags: InstallFlags) => {
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      const engine = await installEngine(name, {
        root: flags.dir ?? enginesFolder(),
        from: flags.from,
        force: flags.force ?? false,
        signal: stop.signal,
        onProgress: printProgress,
      });
      console.log(`${name}: ${describeTensorFlow(engine.tensorflow, engine.gpu)}, in ${engine.folder}`);
      if (flags.dir && flags.dir !== enginesFolder()) {
        printProgress(`Set UNDERTONE_ENGINE_DIR=${flags.dir} so that --engine ${name} finds it.`);
      }
    });
}
