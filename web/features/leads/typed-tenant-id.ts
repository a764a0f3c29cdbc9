/** What somebody has typed of a tenant id so far. */
export type TypedTenantId =
  | { state: 'empty' }
  /** May still become one. */
  | { state: 'begun'; digits: number }
  | { state: 'wrong' }
  /** All zeros: nobody's. */
  | { state: 'nobody' }
  | { state: 'whole'; id: string }

export const GUID_DIGITS = 32
const GROUPS = [8, 4, 4, 4, 12]

/**
 * Reads a tenant id while it is typed or pasted: in braces, with blanks around it, in capitals, with or without its
 * hyphens. `id` is as Microsoft writes it. Source: issue 5, 2 and bad input.
 */
export function readTypedTenantId(text: string): TypedTenantId {
  const typed = text
    .trim()
    .replace(/^\{\s*/, '')
    .replace(/\s*\}$/, '')
    .toLowerCase()
  if (typed === '') return { state: 'empty' }
  const digits = typed.replaceAll('-', '')
  if (!/^[0-9a-f-]+$/.test(typed) || digits.length > GUID_DIGITS) return { state: 'wrong' }
  if (typed.includes('-') && !hyphenated(digits).startsWith(typed.replace(/-$/, ''))) return { state: 'wrong' }
  if (typed.endsWith('-') && !endsGroup(digits.length)) return { state: 'wrong' }
  if (digits.length < GUID_DIGITS) return { state: 'begun', digits: digits.length }
  return /^0+$/.test(digits) ? { state: 'nobody' } : { state: 'whole', id: hyphenated(digits) }
}

function hyphenated(digits: string): string {
  let at = 0
  const groups = GROUPS.map((size) => {
    at += size
    return digits.slice(at - size, at)
  })
  return groups.filter((group) => group !== '').join('-')
}

function endsGroup(digits: number): boolean {
  return [8, 12, 16, 20].includes(digits)
}
