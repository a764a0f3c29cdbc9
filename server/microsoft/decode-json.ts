/** Finds the escapes of characters that PostgreSQL cannot store as text; a false alarm only costs a walk. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/i

/**
 * Parses JSON text. U+0000 and lone surrogates, legal in JSON but not storable in PostgreSQL, become U+FFFD, so that one
 * such character in a company name cannot stop a whole page. Throws SyntaxError for text that is not JSON.
 */
export function decodeJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return UNSTORABLE_ESCAPE.test(text) ? storable(value) : value
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storableText(key), storable(member)]))
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
