/**
 * A matrix as one HTML file: a table that can be read aloud, printed, and opened in ten years. Everything in it is text.
 * Lacks: scripts, links and anything from elsewhere.
 */
import type { Matrix, MatrixCell, MatrixRow, MatrixSection } from '../matrix.ts';
import { VERDICT_MARK } from '../words.ts';
import { escaped } from './markup.ts';
import { legend, matrixSummary } from './matrix.ts';

export function renderMatrixPage(matrix: Matrix): string {
  const { suite, title, columns, sections, warnings } = matrix;
  const heading = escaped(`Conformance to ${suite}: ${matrixSummary(matrix)}`);
  const heads = columns.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${heading}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<p>${escaped(title)}</p>
${list(warnings.map(warning => `<strong>${escaped(warning)}</strong>`))}${list(columns.map(({ name, set, arm, sentence }) => `<strong>${escaped(name)}</strong>, set ${escaped(set)}, ${arm === 'sim' ? 'simulated' : 'for real'}: ${escaped(sentence)}`))}
<table>
<caption>A row for each case, by clause; a column for each implementation.</caption>
<thead><tr><th scope="col">Level</th><th scope="col">Case</th>${heads}</tr></thead>
${sections.map(section => body(section, columns.length)).join('')}</table>
<h2>What the words mean</h2>
${list(legend(matrix).map(([verdict, meaning]) => `<strong>${escaped(verdict)}</strong>: ${escaped(meaning)}`))}</main>
</body>
</html>
`;
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>\n${items.map(item => `<li>${item}</li>\n`).join('')}</ul>\n`;

function body({ clause, rows }: MatrixSection, columns: number): string {
  const head = `<tr><th class="clause" scope="rowgroup" colspan="${columns + 2}">${escaped(clause) || 'No clause'}</th></tr>\n`;
  return `<tbody>\n${head}${rows.map(line).join('')}</tbody>\n`;
}

const line = ({ level, case: id, title, cells, agrees }: MatrixRow): string =>
  `<tr${agrees ? '' : ' class="differs"'}><td>${level}</td><th scope="row">${escaped(id)}<br><small>${escaped(title)}</small></th>${cells.map(cellHtml).join('')}</tr>\n`;

function cellHtml(cell: MatrixCell | null): string {
  if (cell === null) return '<td></td>';
  const text = cell.text === '' ? '' : `<br><small>${escaped(cell.text, 300)}</small>`;
  return `<td class="${cell.verdict}">${VERDICT_MARK[cell.verdict]} ${cell.verdict}${text}</td>`;
}

/** Dark text on light tints: every pair has a contrast of at least 7. */
const STYLE = `
body{font:16px/1.45 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:1.5rem}
table{border-collapse:collapse}
caption{text-align:left;margin:.5rem 0}
th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;font-weight:400;overflow-wrap:anywhere}
thead th,.clause{background:#e8e8e8;font-weight:700}
thead th{position:sticky;top:0}
small{color:#333}
.differs>th{border-left:.4rem solid #1a1a1a}
.pass{background:#e3f4e3}.info{background:#e6eefc}.nonstrict{background:#fdf3d6}.fail{background:#fbdcd9}
.inconclusive,.error{background:#efe3f7}.not-applicable{background:#f2f2f2}
@media print{thead th{position:static}}
`;
