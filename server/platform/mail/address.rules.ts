import { isIP } from 'node:net'

/** What is wrong with a mail address that somebody has typed; null: nothing. One address, without a name around it. */
export function mailAddressProblem(address: string): string | null {
  if (address === '') return 'The mail address is empty.'
  if (address.length > 254) return 'The mail address is longer than 254 characters.'
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(address)) return 'The mail address has a line break or another control character.'
  if (/[\s<>()[\]\\,;:"]/.test(address)) return 'Give one mail address alone: no name, blank, comma or bracket.'
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  if (at < 1 || local.includes('@')) return 'A mail address has one @, with a name before it.'
  if (local.length > 64 || /^\.|\.$|\.\./.test(local)) return 'The part before the @ is not one of a mail address.'
  const labels = domain.split('.')
  const isName =
    labels.length >= 2 && labels.every((label) => /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u.test(label))
  return isName && isIP(domain) === 0 ? null : 'The part after the @ is not the name of a mail domain.'
}

/** What is wrong with a text that becomes a header: a subject, a name; null: nothing. */
export function headerTextProblem(text: string): string | null {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? 'A line break or another control character may not be in here.' : null
}

/** A text of others, made fit for one line of a header. */
export function headerText(text: string, limit = 200): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}
