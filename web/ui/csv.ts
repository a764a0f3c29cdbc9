/** Spreadsheets take a file for UTF-8 only when it begins with this. */
export const CSV_BEGIN = '\ufeff'

/** One line. What a spreadsheet would take for a formula begins with an apostrophe; line breaks and tabs become blanks. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(cell: string | null): string {
  const text = cell ?? ''
  const safe = (/^[-=+@\t\r\n]/.test(text) ? `'${text}` : text).replace(/[\r\n\t]/g, ' ')
  return `"${safe.replaceAll('"', '""')}"`
}
