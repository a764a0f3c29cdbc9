import './flags.css'

const names = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })

/** The country's name in the user's language; a code nobody knows stays as it came. */
export function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code
  } catch {
    return code
  }
}

/** The flag of a two-letter code, as text: systems that have none (Windows draws the letters instead) get them by flags.css. */
export function flagOf(code: string): string | null {
  if (!/^[A-Za-z]{2}$/.test(code)) return null
  return String.fromCodePoint(...[...code.toUpperCase()].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65))
}
