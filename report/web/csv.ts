/** Tables as CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins
 * with an apostrophe, as in the report's own CSV (report/inert.c). */

// Controls are \ufffd by now; at the beginning they may have been what starts a formula.
const FORMULA = /^[=+\-@\ufffd]/u;

export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return safe !== value || /[",;\t\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => row.map(csvCell).join(',') + '\n').join('');
}

/** Hands the reader a file; no request is made. */
export function offerFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}
