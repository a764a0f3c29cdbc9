/**
 * Microsoft's timestamps count ticks of 100 ns and drop trailing zeros of the fraction, which is how
 * 7, 6 or 5 digits appear side by side (seeds 001 and 003).
 *
 * @param epochMs instant in milliseconds
 * @param ticks 0 to 9999: the part below the millisecond
 */
export function formatTimestamp(epochMs: number, ticks: number): string {
  const iso = new Date(epochMs).toISOString()
  const fraction = `${iso.slice(20, 23)}${String(ticks).padStart(4, '0')}`
  let digits = fraction.length
  while (digits > 0 && fraction.charCodeAt(digits - 1) === ZERO) digits--
  return digits === 0 ? `${iso.slice(0, 19)}Z` : `${iso.slice(0, 20)}${fraction.slice(0, digits)}Z`
}

const ZERO = 48
