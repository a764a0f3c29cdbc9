/** A mail taken apart as far as the mailbox shows it: RFC 5322, 2045 to 2047. What it does not know stays as it came. */
export interface MimeMessage {
  /** Names in lower case, in their order. */
  headers: { name: string; value: string }[]
  subject: string
  from: string
  messageId: string | null
  text: string
  html: string
}

export function readMime(raw: Buffer): MimeMessage {
  const { headers, body } = split(raw.toString('latin1'))
  const value = (name: string) => headers.find((one) => one.name === name)?.value
  const parts = { text: '', html: '' }
  collect(headers, body, parts)
  return {
    headers,
    subject: decodeWords(value('subject') ?? ''),
    from: decodeWords(value('from') ?? ''),
    messageId: value('message-id') ?? null,
    ...parts,
  }
}

type Headers = MimeMessage['headers']

function split(part: string): { headers: Headers; body: string } {
  const end = part.search(/\r?\n\r?\n/)
  const head = end < 0 ? part : part.slice(0, end)
  const unfolded = head.replace(/\r?\n(?=[ \t])/g, '')
  const headers = unfolded.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1 ? [] : [{ name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).trim() }]
  })
  return { headers, body: end < 0 ? '' : part.slice(end).replace(/^\r?\n\r?\n/, '') }
}

function collect(headers: Headers, body: string, parts: { text: string; html: string }): void {
  const value = (name: string) => headers.find((one) => one.name === name)?.value ?? ''
  const type = value('content-type') || 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (/^multipart\//i.test(type) && boundary !== undefined) {
    for (const piece of body.split(`--${boundary}`).slice(1)) {
      if (piece.startsWith('--')) break
      const inner = split(piece.replace(/^\r?\n/, ''))
      collect(inner.headers, inner.body.replace(/\r?\n$/, ''), parts)
    }
    return
  }
  const kind = /^text\/html/i.test(type) ? 'html' : 'text'
  if (parts[kind] === '' && /^text\//i.test(type)) parts[kind] = decodeBody(body, value('content-transfer-encoding'))
}

function decodeBody(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8')
  const bytes = /quoted-printable/i.test(encoding) ? quotedPrintable(unwrapped(body)) : body
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Blanks at the end of a line came on the way; those before a soft line break are of the text. Source: RFC 2045 6.7. */
function unwrapped(body: string): string {
  return body.replace(/[ \t]+$/gm, '').replace(/=\r?\n/g, '')
}

function quotedPrintable(text: string): string {
  return text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function decodeWords(text: string): string {
  const joined = text.replace(/(\?=)\s+(=\?)/g, '$1$2')
  return joined.replace(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
    how.toUpperCase() === 'B'
      ? Buffer.from(word, 'base64').toString('utf8')
      : Buffer.from(quotedPrintable(word.replaceAll('_', ' ')), 'latin1').toString('utf8'),
  )
}
