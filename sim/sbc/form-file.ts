/**
 * The content of the one part named `file` of a multipart form, as text; undefined where there is none.
 * Source: domain/sbc.md (multipart/form-data, one part named `file`); RFC 7578.
 */
export function formFile(contentType: string, body: Buffer): string | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]{1,70})"?/i.exec(contentType)?.[1]
  if (boundary === undefined) return undefined
  // latin1 keeps every byte as one character, so that places in the text are places in the bytes.
  const text = `\r\n${body.toString('latin1')}`
  for (const part of text.split(`\r\n--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n')
    if (end < 0 || !/content-disposition:\s*form-data;[^\r\n]*\bname="file"/i.test(part.slice(0, end))) continue
    return Buffer.from(part.slice(end + 4), 'latin1').toString('utf8')
  }
  return undefined
}
