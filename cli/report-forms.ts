/**
 * Reports written in whatever forms were asked for. Apart from reading them: most commands load none of the forms.
 */
import { join } from 'node:path';
import { FORMS, type Form, formNamed } from '../conformance/report/forms.ts';
import type { Report } from '../conformance/report/report.ts';
import { printable } from '../src/host/bytes.ts';
import { usage } from './exit.ts';
import { saveTrace } from './trace-files.ts';

export { FORMS };

/** Names after `--format`, with commas; `all` for every form. */
export function formsNamed(text: string): readonly Form[] {
  if (text === 'all') return FORMS;
  return text.split(',').map(name => {
    const form = formNamed(name.trim());
    if (form !== undefined) return form;
    throw usage(`there is no form '${printable(name)}'; there are ${FORMS.map(each => each.name).join(', ')}, and all`);
  });
}

/** One file for each form. Returns what was written. */
export function writeForms(report: Report, folder: string, forms: readonly Form[]): readonly string[] {
  return forms.map(form => {
    const path = join(folder, form.file);
    saveTrace(path, [form.render(report)]);
    return path;
  });
}
