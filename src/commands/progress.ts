import { MultiBar, type SingleBar } from 'cli-progress';

/** Not more often than this where lines are printed. */
const LINE_EVERY_MS = 15_000;

/** What is going on, on stderr: bars for people who watch, now and then a line for a log. */
export interface Progress {
  /** Begins a task of `total` parts; the task before it is over. */
  begin(what: string, total: number): void;
  /** So many parts of it are done. */
  to(done: number): void;
  /** Prints a line of results on stdout, above the bars. */
  print(line: string): void;
  end(): void;
}

export function createProgress(): Progress {
  return process.stderr.isTTY ? bars() : lines();
}

function bars(): Progress {
  const multi = new MultiBar({
    format: '{what} {bar} {value}/{total}, {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // Ctrl-C is answered by whoever runs the task
    stream: process.stderr,
  });
  let bar: SingleBar | undefined;
  return {
    begin(what, total) {
      if (bar) multi.remove(bar);
      bar = multi.create(total, 0, { what });
    },
    to: (done) => bar?.update(done),
    print: (line) => multi.log(`${line}\n`),
    end: () => multi.stop(),
  };
}

function lines(): Progress {
  let task = { what: '', total: 0, began: 0, said: 0 };
  return {
    begin(what, total) {
      const now = performance.now();
      task = { what, total, began: now, said: now };
    },
    to(done) {
      const now = performance.now();
      if (now - task.said < LINE_EVERY_MS || done === 0 || done >= task.total) return;
      task.said = now;
      const left = ((now - task.began) / done) * (task.total - done);
      console.error(`${task.what}: ${done} of ${task.total}, ${durationOf(left / 1000)} left`);
    },
    print: (line) => console.log(line),
    end() {},
  };
}

function durationOf(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
