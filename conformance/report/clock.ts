/**
 * When a run began, from the text that its report has. The one file of a report that reads a date; it asks no clock.
 */
import type { ReportRun } from './report.ts';

/** With seconds and their thousandths, whatever the report has. */
export const startOf = ({ started }: ReportRun): string => new Date(started).toISOString();

/** In milliseconds of Unix. */
export const startMillis = ({ started }: ReportRun): number => Date.parse(started);
