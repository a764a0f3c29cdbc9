import type { Answer } from './exchange.ts'

/**
 * The wait that a Retry-After header asks for, in milliseconds: whole seconds, or an HTTP date, which is counted from
 * the answer's own Date header so that a wrong clock on this side cannot shorten it. Undefined when absent, unreadable
 * or not in the future.
 */
export function retryAfterMs(headers: Answer['headers'], nowMs: number): number | undefined {
  const text = headers['retry-after']?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text)) return positive(Number(text) * 1000)
  // A date has a month's name in it; without this check Date.parse would take "-5" or "1.5" for a year.
  if (!/[a-z]{3}/i.test(text)) return undefined
  const until = Date.parse(text)
  if (Number.isNaN(until)) return undefined
  const answeredAt = Date.parse(headers.date ?? '')
  return positive(until - (Number.isNaN(answeredAt) ? nowMs : answeredAt))
}

function positive(milliseconds: number): number | undefined {
  return milliseconds > 0 ? milliseconds : undefined
}
