/** Probabilities as logits of mean 0 and standard deviation 1 in each column. */
export function standardisedLogits(rows: readonly (readonly number[])[]): Float32Array[] {
  const logits = rows.map((row) => row.map(logit));
  for (const column of logits[0]?.keys() ?? []) {
    const mean = logits.reduce((sum, row) => sum + row[column]!, 0) / logits.length;
    const sd =
      Math.sqrt(logits.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / logits.length) || 1;
    for (const row of logits) row[column] = (row[column]! - mean) / sd;
  }
  return logits.map((row) => Float32Array.from(row));
}

function logit(p: number): number {
  const inside = Math.min(0.999, Math.max(0.001, p));
  return Math.log(inside / (1 - inside));
}
