import highsLoader from 'highs';

/** The package's types describe its CommonJS file, where the function is `default`; the imported one is the function. */
const load = highsLoader as unknown as typeof highsLoader.default;

/** A sum of variables within bounds. */
interface Row {
  /** Indexes of variables that are added, and subtracted. */
  readonly plus: readonly number[];
  readonly minus?: readonly number[];
  readonly min?: number;
  readonly max: number;
}

interface Mip {
  /** Of each variable, which is 0 or 1. */
  readonly costs: readonly number[];
  readonly rows: readonly Row[];
  /** A weighted sum of all variables within bounds. */
  readonly weighted: { readonly weights: readonly number[]; readonly min: number; readonly max: number };
}

/** A solution that is proven to be within 1 % of the best is good enough; after this long, the best one found. */
const GAP = 0.01;
const SECONDS = 20;

/**
 * Minimizes the cost of 0/1 variables under linear bounds with HiGHS (Huangfu & Hall, Parallelizing the dual revised
 * simplex method, 2018).
 *
 * @returns the indexes of the variables that are 1; undefined if there is no solution
 */
export async function solveMip({ costs, rows, weighted }: Mip): Promise<number[] | undefined> {
  const term = (factor: number, i: number) =>
    `${factor < 0 ? '-' : '+'} ${Math.abs(factor).toFixed(6)} x${i}`;
  // CPLEX's LP format; lines are kept short, because it limits them.
  const sum = (terms: readonly string[]) => terms.join('\n ');
  const bounds = rows.flatMap(({ plus, minus = [], min, max }) => {
    const left = sum([...plus.map((i) => term(1, i)), ...minus.map((i) => term(-1, i))]);
    if (plus.length + minus.length === 0) return [];
    return min === max ? [`${left} = ${max}`] : [`${left} <= ${max}`];
  });
  const total = sum(weighted.weights.map((weight, i) => term(weight, i)));
  const problem = [
    'Minimize',
    ` ${sum(costs.map((cost, i) => term(cost, i)))}`,
    'Subject To',
    ...[...bounds, `${total} >= ${weighted.min}`, `${total} <= ${weighted.max}`].map(
      (row, i) => ` r${i}: ${row}`,
    ),
    'Binary',
    ` ${costs.map((_, i) => `x${i}`).join('\n ')}`,
    'End',
  ].join('\n');
  const highs = await load();
  const { Status, Columns } = highs.solve(problem, { mip_rel_gap: GAP, time_limit: SECONDS });
  const chosen = costs.flatMap((_, i) => {
    const column = Columns[`x${i}`] as { readonly Primal?: number } | undefined;
    return (column?.Primal ?? 0) > 0.5 ? i : [];
  });
  const isSolved = Status === 'Optimal' || (Status === 'Time limit reached' && chosen.length > 0);
  return isSolved ? chosen : undefined;
}
