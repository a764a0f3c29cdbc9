const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING = { list: 0x5b, object: 0x7b }
const CLOSING = { list: 0x5d, object: 0x7d }

/**
 * The texts of the objects in a JSON list, each as it was written, without parsing any. The list is the part of the text
 * from `from` up to `to`. Null when it is no list of objects; what stands between the braces of one is left to whoever
 * parses it.
 */
export function sliceRecords(text: string, from = 0, to = text.length): string[] | null {
  const slices: string[] = []
  if (text.charCodeAt(from) !== OPENING.list) return null
  let at = afterBlanks(text, from + 1)
  if (text.charCodeAt(at) === CLOSING.list) return at === to - 1 ? slices : null
  for (;;) {
    const end = endOfObject(text, at)
    if (end < 0) return null
    slices.push(text.slice(at, end))
    at = afterBlanks(text, end)
    const mark = text.charCodeAt(at)
    if (mark === CLOSING.list) return at === to - 1 ? slices : null
    if (mark !== COMMA) return null
    at = afterBlanks(text, at + 1)
  }
}

/** Behind the brace that closes the object which begins here; -1 when none begins or none ends. */
function endOfObject(text: string, from: number): number {
  if (text.charCodeAt(from) !== OPENING.object) return -1
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const mark = text.charCodeAt(at)
    if (mark === QUOTE) {
      at = endOfString(text, at)
      if (at < 0) return -1
    } else if (mark === OPENING.object) depth++
    else if (mark === CLOSING.object && --depth === 0) return at + 1
  }
  return -1
}

/** The quote that ends the string which begins here: from quote to quote is several times as fast as letter by letter. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from + 1)
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

/** Backslashes escape each other in pairs. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === BACKSLASH) before--
  return (at - before) % 2 === 0
}

function afterBlanks(text: string, from: number): number {
  let at = from
  while (isBlank(text.charCodeAt(at))) at++
  return at
}

function isBlank(mark: number): boolean {
  return mark === 0x20 || mark === 0x0a || mark === 0x0d || mark === 0x09
}
