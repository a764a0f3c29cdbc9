const WIRE_DATE = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,7})?(?:Z|[+-]00:00)$/

/**
 * Whether a text is a date-time as Microsoft writes it: a day that exists, seconds with 0 to 7 fractional digits, in UTC
 * as `Z` or `+00:00`. The text is kept as it is: a JavaScript Date holds three of the seven digits. Source: microsoft.md A.4.
 */
export function isWireDate(text: string): boolean {
  const [, year, month, day, hour, minute, second] = WIRE_DATE.exec(text)?.map(Number) ?? []
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    hour === undefined ||
    minute === undefined ||
    second === undefined
  )
    return false
  // Not Date.parse: it takes 30 February for 2 March.
  return (
    year > 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59
  )
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (month === 2) return isLeap ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
