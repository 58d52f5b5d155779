/** A name in two parts of about the same length, cut at a separator where one is near the middle. */
export function nameHalves(name: string): readonly [start: string, end: string] {
  const middle = name.length / 2;
  const near = [...name.matchAll(/[-._]/g)]
    .map(({ index }) => index + 1)
    .filter((at) => Math.abs(at - middle) <= name.length / 6);
  const [best = Math.ceil(middle)] = near.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return [name.slice(0, best), name.slice(best)];
}
