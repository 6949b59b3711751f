// Figures that a test found, printed so that whoever runs the suite can read them.

/** Prints rows under a title, in columns. */
export function table(title, rows) {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const lines = cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
  process.stdout.write(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n\n`);
}

/** The value below which the given share of the numbers lies. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const median = (numbers) => percentile(numbers, 0.5);
