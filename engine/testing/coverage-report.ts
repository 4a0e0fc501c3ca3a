/** Coverage for people (a table and what was missed), programs (JSON) and other tools (lcov). */
import { type Coverage, type FileCoverage, isCovered, percentOf, type Share } from './coverage.ts';

/** Characters of an expression that was missed which are shown. */
const MAX_TEXT = 100;

/** A table of the files, then the lines with something that no test reached. */
export function coverageText(coverage: Coverage): string {
  const rows = [
    ...coverage.files.map((file) => [file.source.name, file.expressions, file.lines] as const),
    ['all', coverage.expressions, coverage.lines] as const,
  ];
  const width = Math.max(4, ...rows.map(([name]) => name.length));
  const lines = [`${'file'.padEnd(width)}  expressions        lines`];
  for (const [name, expressions, own] of rows) {
    lines.push(`${name.padEnd(width)}  ${shareText(expressions)}  ${shareText(own)}`);
  }
  for (const file of coverage.files) {
    for (const unit of file.units.filter((each) => !isCovered(each))) {
      const text = file.source.text.slice(unit.start, unit.end).replace(/\s+/g, ' ');
      const shown = text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
      lines.push(`missed ${file.source.name}:${unit.line}  ${shown}`);
    }
  }
  return lines.join('\n');
}

function shareText(share: Share): string {
  const percent = `${percentOf(share).toFixed(1)} %`;
  return `${percent.padStart(7)} ${`${share.covered}/${share.total}`.padEnd(9)}`;
}

/** Plain data: shares per file and in all, every unit with its state. */
export function coverageJson(coverage: Coverage): object {
  const share = (each: Share): object => ({ ...each, percent: percentOf(each) });
  return {
    expressions: share(coverage.expressions),
    lines: share(coverage.lines),
    files: coverage.files.map((file) => ({
      file: file.source.name,
      expressions: share(file.expressions),
      lines: share(file.lines),
      units: file.units,
    })),
  };
}

/** An lcov trace file: the lines on which something starts that can be covered. */
export function coverageLcov(coverage: Coverage): string {
  return coverage.files.map(lcovRecord).join('');
}

function lcovRecord(file: FileCoverage): string {
  const byLine = Map.groupBy(file.units, ({ line }) => line);
  const lines = [...byLine].map(([line, units]) => ({
    line,
    hits: Math.min(...units.map(({ hits }) => hits)),
  }));
  return [
    'TN:',
    `SF:${file.source.name}`,
    ...lines.map(({ line, hits }) => `DA:${line},${hits}`),
    `LF:${file.lines.total}`,
    `LH:${file.lines.covered}`,
    'end_of_record',
    '',
  ].join('\n');
}
