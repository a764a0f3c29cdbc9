// The trigram index (pg_trgm) sees letters and digits only, and in a database whose character type is C, as the one that
// comes along has, only those of ASCII: 製作所 would have no trigram at all, and a mail address would fall into pieces.
// So what is searched is kept in a spelling of ASCII letters and digits: a to z and 0 to 9 stand for themselves, every
// other character is a word of capitals. A word begins with a letter that says how long it is and goes on with letters
// that never begin one, so a text holds another exactly when its spelling holds the other's. I is left out: its small
// letter differs in Turkish, and the index looks at small letters.

/** The four commonest others have one letter each. */
const SINGLE: Record<string, string> = { ' ': 'S', '.': 'D', '@': 'A', '-': 'H' }
const TAIL = 'BCFGJKLMNOPQRTU'
/** First letters, with how many letters follow; characters are dealt out to them by code point, in this order. */
const FIRSTS = [
  ['V', 2],
  ['W', 2],
  ['X', 3],
  ['Y', 3],
  ['Z', 4],
  ['E', 6],
] as const
/** Not a letter, so the index takes what is on its sides for different words. No search holds it. */
const BETWEEN = '|'

const spelled = new Map<number, string>()

/** Folded text (`foldSearch`) as it is stored and searched: letters and digits of ASCII, so no wildcard of LIKE either. */
export function searchKey(text: string): string {
  let key = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (standsForItself(unit)) continue
    const codePoint = text.codePointAt(at) ?? unit
    key += text.slice(from, at) + wordOf(codePoint)
    if (codePoint > 0xffff) at++
    from = at + 1
  }
  return from === 0 ? text : key + text.slice(from)
}

/** a to z and 0 to 9. */
function standsForItself(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39)
}

function wordOf(codePoint: number): string {
  let word = spelled.get(codePoint)
  if (word === undefined) {
    word = SINGLE[String.fromCodePoint(codePoint)] ?? spell(codePoint)
    // As many as there are characters in use, which is few: of the rest nothing is remembered.
    if (spelled.size < 20_000) spelled.set(codePoint, word)
  }
  return word
}

/** Texts that can each be found, but not from the end of one into the next. */
export function joinSearchKeys(texts: Iterable<string>): string {
  return Array.from(texts, searchKey).join(BETWEEN)
}

function spell(codePoint: number): string {
  let rest = codePoint
  for (const [first, length] of FIRSTS) {
    const room = TAIL.length ** length
    if (rest < room) return first + tailOf(rest, length)
    rest -= room
  }
  throw new Error(`No Unicode character: ${codePoint}`)
}

function tailOf(number: number, length: number): string {
  let tail = ''
  for (let rest = number; tail.length < length; rest = Math.floor(rest / TAIL.length)) {
    tail = TAIL.charAt(rest % TAIL.length) + tail
  }
  return tail
}
