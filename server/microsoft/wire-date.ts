const WIRE_DATE =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?(?:Z|[+-]00:00)$/

/**
 * Whether a text is a date-time as Microsoft writes it: a day that exists, seconds with 0 to 7 fractional digits, in UTC
 * as `Z` or `+00:00`. The text is kept as it is: a JavaScript Date holds three of the seven digits. Source: microsoft.md A.4.
 */
export function isWireDate(text: string): boolean {
  if (!WIRE_DATE.test(text)) return false
  const year = Number(text.slice(0, 4))
  const day = Number(text.slice(8, 10))
  // Not Date.parse: it takes 30 February for 2 March.
  return year > 0 && (day <= 28 || day <= daysIn(year, Number(text.slice(5, 7))))
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (month === 2) return isLeap ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
