/** Names that HTTP itself, or the delivery, decides on. */
const TAKEN = new Set([
  ...['host', 'content-length', 'content-type', 'content-encoding', 'transfer-encoding', 'connection', 'keep-alive'],
  ...['upgrade', 'te', 'trailer', 'expect', 'date', 'via', 'forwarded', 'http2-settings', 'accept-encoding', 'range'],
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature', 'user-agent', 'cookie', 'set-cookie'],
])

/** What is wrong with the name of a header that somebody chose; null: nothing. */
export function headerNameProblem(name: string): string | null {
  if (name === '') return 'The header needs a name.'
  if (name.length > 100) return 'The name of the header is longer than 100 characters.'
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    return 'The name of a header has letters, digits and hyphens only: no blank, colon or line break.'
  }
  if (TAKEN.has(name.toLowerCase()) || /^(proxy|sec)-/i.test(name)) return `The header ${name} is not for you to set.`
  return null
}

/** What is wrong with its value; null: nothing. */
export function headerValueProblem(value: string): string | null {
  if (value.length > 4_096) return 'The value of the header is longer than 4,096 characters.'
  if (!/^[\t\x20-\x7e]*$/.test(value))
    return 'The value of a header has plain characters only: no line break, no letter beyond ASCII.'
  if (value !== value.trim()) return 'The value of a header neither begins nor ends with a blank.'
  return null
}
