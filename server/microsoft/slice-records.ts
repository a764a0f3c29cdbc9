const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPENING = { list: 0x5b, object: 0x7b }
const CLOSING = { list: 0x5d, object: 0x7d }

/**
 * The texts of the objects in the text of a JSON list, each as it was written, without parsing any. Null when the text is
 * no list of objects; what stands between the braces of one is left to whoever parses it.
 */
export function sliceRecords(text: string): string[] | null {
  const slices: string[] = []
  if (text.charCodeAt(0) !== OPENING.list) return null
  let at = afterBlanks(text, 1)
  if (text.charCodeAt(at) === CLOSING.list) return isEnd(text, at) ? slices : null
  for (;;) {
    const end = endOfObject(text, at)
    if (end < 0) return null
    slices.push(text.slice(at, end))
    at = afterBlanks(text, end)
    const mark = text.charCodeAt(at)
    if (mark === CLOSING.list) return isEnd(text, at) ? slices : null
    if (mark !== COMMA) return null
    at = afterBlanks(text, at + 1)
  }
}

/** Behind the brace that closes the object which begins here; -1 when none begins or none ends. */
function endOfObject(text: string, from: number): number {
  if (text.charCodeAt(from) !== OPENING.object) return -1
  let depth = 0
  let isInString = false
  for (let at = from; at < text.length; at++) {
    const mark = text.charCodeAt(at)
    if (isInString) {
      if (mark === BACKSLASH) at++
      else if (mark === QUOTE) isInString = false
    } else if (mark === QUOTE) isInString = true
    else if (mark === OPENING.object) depth++
    else if (mark === CLOSING.object && --depth === 0) return at + 1
  }
  return -1
}

function afterBlanks(text: string, from: number): number {
  let at = from
  while (isBlank(text.charCodeAt(at))) at++
  return at
}

function isBlank(mark: number): boolean {
  return mark === 0x20 || mark === 0x0a || mark === 0x0d || mark === 0x09
}

function isEnd(text: string, at: number): boolean {
  return at === text.length - 1
}
