/** The part of liblsl that is used: github.com/sccn/liblsl, include/lsl_c.h. */

export interface OutletOptions {
  readonly name: string;
  /** Kind of signal, by which recorders choose. */
  readonly type: string;
  /** Stays the same over restarts, so that recorders find the stream again. */
  readonly sourceId: string;
  /** Samples per second; 0: irregular. */
  readonly rateHz: number;
  readonly channels: readonly { readonly label: string; readonly unit: string }[];
}

export interface LslOutlet {
  /** Sends one sample, a number for each channel, of the wall-clock time `timeMs`. */
  push(sample: Float32Array, timeMs: number): void;
  close(): void;
}

export interface Lsl {
  open(options: OutletOptions): LslOutlet;
}

const FLOAT32 = 1; // cft_float32
/** Seconds that an outlet keeps for a slow recorder. */
const BUFFER_SECONDS = 360;

const LIBRARIES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['liblsl.so', 'liblsl.so.2'],
  darwin: ['liblsl.dylib', '/opt/homebrew/lib/liblsl.dylib', '/usr/local/lib/liblsl.dylib'],
  win32: ['lsl.dll', 'liblsl64.dll'],
};

/**
 * Loads liblsl.
 *
 * @param path of the library; default: the system's
 * @throws Error with a sentence if it, or the package koffi that calls it, is not installed
 */
export async function loadLsl(path: string | undefined): Promise<Lsl> {
  const koffi = await import('koffi').catch((cause: unknown) => {
    throw new Error('the package koffi is not installed: run "npm install koffi"', { cause });
  });
  const { load } = koffi.default;
  const library = openFirst(path === undefined ? (LIBRARIES[process.platform] ?? []) : [path], load);
  if (!library) {
    const where = path === undefined ? '' : ` at ${path}`;
    throw new Error(`the library liblsl was not found${where}: install it from github.com/sccn/liblsl`);
  }
  const createInfo = library.func(
    'void *lsl_create_streaminfo(const char *name, const char *type, int channels, double rate, int format, const char *id)',
  );
  const descriptionOf = library.func('void *lsl_get_desc(void *info)');
  const appendChild = library.func('void *lsl_append_child(void *element, const char *name)');
  const appendValue = library.func(
    'void *lsl_append_child_value(void *element, const char *name, const char *value)',
  );
  const createOutlet = library.func('void *lsl_create_outlet(void *info, int chunk, int seconds)');
  const pushSample = library.func('int lsl_push_sample_ft(void *outlet, const float *sample, double time)');
  const destroyOutlet = library.func('void lsl_destroy_outlet(void *outlet)');
  const destroyInfo = library.func('void lsl_destroy_streaminfo(void *info)');
  const clock = library.func('double lsl_local_clock()');

  return {
    open({ name, type, sourceId, rateHz, channels }) {
      const info = createInfo(name, type, channels.length, rateHz, FLOAT32, sourceId);
      // The names of github.com/sccn/xdf/wiki/Meta-Data.
      const list = appendChild(descriptionOf(info), 'channels');
      for (const { label, unit } of channels) {
        const channel = appendChild(list, 'channel');
        for (const [key, value] of Object.entries({ label, unit, type })) appendValue(channel, key, value);
      }
      const outlet = createOutlet(info, 0, BUFFER_SECONDS);
      destroyInfo(info); // The outlet has a copy.
      if (!outlet) throw new Error('liblsl could not create an outlet');
      return {
        push(sample, timeMs) {
          // Its clock is monotonic, so the age of the sample is subtracted.
          pushSample(outlet, sample, clock() - (Date.now() - timeMs) / 1000);
        },
        close: () => void destroyOutlet(outlet),
      };
    },
  };
}

function openFirst<Library>(paths: readonly string[], load: (path: string) => Library): Library | undefined {
  for (const path of paths) {
    try {
      return load(path);
    } catch {
      // The next name.
    }
  }
  return undefined;
}
