export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
/** Parses numbers as Go, the language of Prometheus, does: NaN in any case. */
const VALUE = /^(?:[Nn]a[Nn]|[+-]?Inf|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Parses the text format 0.0.4 of Prometheus strictly: help and type before the samples, families in one block, no
 * duplicate series, cumulative buckets. Throws with the wrong line.
 */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let now = '';
  let help: { name: string; text: string } | undefined;
  for (const line of text.split('\n')) {
    const wrong = (what: string) => new Error(`${what}: ${line}`);
    if (line === '') continue;
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME})(?: (.*))?$`).exec(line);
    if (comment) {
      const [, kind, name, rest = ''] = comment as unknown as [string, string, string, string?];
      if (families.has(name)) throw wrong('A family in two pieces');
      if (kind === 'HELP') help = { name, text: rest };
      else {
        if (help?.name !== name || help.text === '') throw wrong('A type without help');
        if (!['counter', 'gauge', 'histogram', 'summary'].includes(rest)) throw wrong('No type');
        if (rest === 'counter' && !name.endsWith('_total')) throw wrong('A counter without _total');
        families.set(name, { type: rest, help: help.text, samples: [] });
        now = name;
      }
      continue;
    }
    const sample = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`).exec(line);
    if (!sample) throw wrong('No sample');
    const [, name, labelText = '', value] = sample as unknown as [string, string, string | undefined, string];
    const family = families.get(now);
    if (!family || !(SUFFIXES[family.type] ?? ['']).some((suffix) => name === now + suffix))
      throw wrong('A sample of another family');
    if (!VALUE.test(value)) throw wrong('No number');
    const labels: Record<string, string> = {};
    for (let rest = labelText; rest !== ''; ) {
      const label = LABEL.exec(rest);
      if (!label || label[1]! in labels) throw wrong('No label');
      labels[label[1]!] = label[2]!;
      rest = rest.slice(label[0].length);
    }
    const series = `${name}${JSON.stringify(Object.entries(labels).sort())}`;
    if (seen.has(series)) throw wrong('A series twice');
    seen.add(series);
    family.samples.push({ name, labels, value: Number(value.replace('Inf', 'Infinity')) });
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkBuckets(name, samples);
  return families;
}

function checkBuckets(name: string, samples: readonly Sample[]): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples.filter((one) => one.name === `${name}_bucket`)) {
    const { le: _, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, buckets] of groups) {
    const edges = buckets.map(({ labels }) => Number(labels.le?.replace('Inf', 'Infinity')));
    const counts = buckets.map(({ value }) => value);
    const count = samples.find((one) => one.name === `${name}_count` && JSON.stringify(one.labels) === key);
    const grows = (all: readonly number[]) => all.every((value, i) => i === 0 || value >= all[i - 1]!);
    if (!grows(edges) || !grows(counts) || edges.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`Buckets of ${name} that do not grow.`);
    if (counts.at(-1) !== count?.value) throw new Error(`Buckets of ${name} that are not all.`);
  }
}
