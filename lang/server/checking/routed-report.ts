/** One report for the checker that keeps the faults of each document apart, each document with a bound of its own. */
import { makeReport, type Report } from '../../check/report.ts';
import type { Diagnostic } from '../../diagnostic.ts';

export interface RoutedReport extends Report {
  /** The faults of a document by its name, in order of place. */
  of(name: string): readonly Diagnostic[];
}

/** @param limit how many faults of one document are kept */
export function makeRoutedReport(limit: number): RoutedReport {
  const reports = new Map<string, Report>();
  const reportOf = (name: string): Report => {
    const known = reports.get(name);
    if (known !== undefined) return known;
    const made = makeReport(limit);
    reports.set(name, made);
    return made;
  };
  return {
    error: (code, source, span, message, extra) =>
      reportOf(source.name).error(code, source, span, message, extra),
    errorCount: () => [...reports.values()].reduce((all, report) => all + report.errorCount(), 0),
    diagnostics: () => [...reports.values()].flatMap((report) => report.diagnostics()),
    of: (name) => reports.get(name)?.diagnostics() ?? [],
  };
}
