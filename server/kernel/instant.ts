const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?(Z|[+ -]\d\d:?\d\d)?)?$/i

/**
 * An instant as a caller writes it: ISO 8601, or a date; without an offset taken as UTC. null when it is none, also for
 * days that do not exist. A plus sign that was not percent-encoded arrives as a blank and is read as one.
 */
export function parseInstant(text: string): Date | null {
  const match = INSTANT.exec(text.trim())
  if (!match) return null
  const [iso, day = '', time, offset = ''] = match
  const instant = new Date(time === undefined ? day : zoned(iso, offset))
  return exists(day) && !Number.isNaN(instant.getTime()) ? instant : null
}

function zoned(iso: string, offset: string): string {
  const local = offset === '' ? iso : iso.slice(0, -offset.length)
  return local.replace(' ', 'T') + (offset === '' ? 'Z' : offset.replace(' ', '+'))
}

/** JavaScript takes 30 February for 1 March. */
function exists(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
