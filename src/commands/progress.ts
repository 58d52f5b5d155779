import { MultiBar, type SingleBar } from 'cli-progress';

/** Progress of a long command on stderr: bars on a terminal, otherwise a line every 15 s. */
export interface Progress {
  /** Starts a task of `total` parts, and ends the task before it. */
  begin(task: string, total: number): void;
  /** Sets how many parts of the task are done. */
  to(done: number): void;
  /** Prints a line of results to stdout, above the bars. */
  print(line: string): void;
  end(): void;
}

/** Minimum time between two lines of progress. */
const LINE_INTERVAL_MS = 15_000;

export function createProgress(): Progress {
  return process.stderr.isTTY ? createBars() : createLines();
}

function createBars(): Progress {
  const multi = new MultiBar({
    format: '{task} {bar} {value}/{total}, {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // The command itself handles Ctrl-C.
    stream: process.stderr,
  });
  let bar: SingleBar | undefined;
  return {
    begin(task, total) {
      if (bar) multi.remove(bar);
      bar = multi.create(total, 0, { task });
    },
    to: (done) => bar?.update(done),
    print: (line) => multi.log(`${line}\n`),
    end: () => multi.stop(),
  };
}

function createLines(): Progress {
  let task = { name: '', total: 0, beganMs: 0, printedMs: 0 };
  return {
    begin(name, total) {
      const now = performance.now();
      task = { name, total, beganMs: now, printedMs: now };
    },
    to(done) {
      const now = performance.now();
      if (now - task.printedMs < LINE_INTERVAL_MS || done === 0 || done >= task.total) return;
      task.printedMs = now;
      const leftMs = ((now - task.beganMs) / done) * (task.total - done);
      console.error(`${task.name}: ${done} of ${task.total}, ${formatDuration(leftMs / 1000)} left`);
    },
    print: (line) => console.log(line),
    end() {},
  };
}

function formatDuration(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
