/**
 * `slipway report`: a stored report in other forms.
 */
import { join } from 'node:path';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { requireFolder, requireWritable } from '../places.ts';
import { loadReport } from '../report-files.ts';
import { formsNamed, writeForms } from '../report-forms.ts';
import type { Screen } from '../screen.ts';

export interface ReportFlags {
  readonly format: string;
  readonly out?: string;
}

export async function report(file: string, { format, out }: ReportFlags, screen: Screen): Promise<ExitCode> {
  const forms = formsNamed(format);
  const [form, ...more] = forms;
  if (out === undefined && (form === undefined || more.length > 0))
    throw usage(`--format ${format} makes ${forms.length} files: --out says where to`);
  const stored = await loadReport(file);
  if (out !== undefined) {
    requireFolder('--out', out);
    for (const each of forms) requireWritable('--out', join(out, each.file));
  }
  if (out !== undefined) for (const path of writeForms(stored, out, forms)) screen.line(path);
  else if (form !== undefined) screen.line(form.render(stored).trimEnd());
  return EXIT.ok;
}
