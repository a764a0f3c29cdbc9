// 128 random bits take 22 characters at least.
const LENGTH_MAX = 21
const PLAIN_LENGTH_MAX = 40
const RUN_MAX = 20
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Whether something a caller sent may stand in an error text, an address that is repeated, or the log. People put tokens,
 * secrets and links where they do not belong; those are long and look random. Source: design/quality.md S4.
 */
export function isRepeatable(text: string): boolean {
  if (text.length <= LENGTH_MAX || GUID.test(text)) return true
  const runs = text.match(/[a-z0-9]+/g) ?? []
  return (
    /^[a-z0-9 .,:;=/+_-]*$/.test(text) && text.length <= PLAIN_LENGTH_MAX && runs.every((run) => run.length <= RUN_MAX)
  )
}

/** The text in quotes where it may be repeated, else how long it is. */
export function quoted(text: string): string {
  return isRepeatable(text) ? JSON.stringify(text) : `a text of ${text.length} characters`
}

/** The text where it may be repeated, else `…`: for names and for parts of a path. */
export function repeated(text: string): string {
  return isRepeatable(text) ? text : '…'
}

/** A path whose parts may all be repeated; its shape stays. */
export function repeatedPath(path: string): string {
  return path.split('/').map(repeated).join('/')
}
