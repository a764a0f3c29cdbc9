const names = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })

/** The country's name in the user's language; a code nobody knows stays as it came. */
export function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code
  } catch {
    return code
  }
}

let drawsFlags: boolean | undefined

/** The flag of a two-letter code, or null where this system has no flags to show (Windows draws the letters instead). */
export function flagOf(code: string): string | null {
  if (!/^[A-Za-z]{2}$/.test(code)) return null
  drawsFlags ??= canDrawFlags()
  if (!drawsFlags) return null
  return String.fromCodePoint(...[...code.toUpperCase()].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 65))
}

/** A real flag has colors; letters and boxes are grey. */
function canDrawFlags(): boolean {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 16
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return false
  context.font = '14px sans-serif'
  context.fillText('\u{1f1eb}\u{1f1f7}', 0, 13)
  const { data } = context.getImageData(0, 0, 16, 16)
  for (let at = 0; at < data.length; at += 4) if (data[at] !== data[at + 2]) return true
  return false
}
