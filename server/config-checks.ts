import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { messageOf } from './kernel/errors.ts'
import { readRange } from './platform/outbound/index.ts'
import { parseMasterKeys } from './platform/secrets/index.ts'

/** What a check found: the value, or what is wrong with the text and how to put it right. */
export type Checked<Value> = { ok: true; value: Value } | { ok: false; problem: string; fix: string }
export type Check<Value> = (text: string) => Checked<Value>

/** A value that is not shown by accident: printing, JSON and inspection say only that it is there. */
export class Secret<Value = string> {
  readonly #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  /** The value itself, for the one call that needs it. */
  reveal(): Value {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

const good = <Value>(value: Value): Checked<Value> => ({ ok: true, value })
const bad = (problem: string, fix: string) => ({ ok: false, problem, fix }) as const

/** The text for a message: cut, so that a pasted file does not fill the terminal. */
const quote = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

export function integer(min: number, max: number): Check<number> {
  const range = `a whole number from ${min} to ${max}`
  return (text) => {
    const value = Number(text)
    if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return good(value)
    return bad(`${quote(text)} is not ${range}`, `Give ${range}, digits only.`)
  }
}

export function oneOf<const Word extends string>(words: readonly Word[]): Check<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text.toLowerCase())
    if (word) return good(word)
    return bad(`${quote(text)} is not one of ${words.join(', ')}`, `Give one of: ${words.join(', ')}.`)
  }
}

export const trueOrFalse: Check<boolean> = (text) => {
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false') return good(word === 'true')
  return bad(`${quote(text)} is neither true nor false`, 'Give true or false.')
}

/** Comma-separated; blanks around the parts do not matter; at least one part. */
export function listOf<Value>(check: Check<Value>): Check<Value[]> {
  return (text) => {
    const parts = text.split(',').map((part) => check(part.trim()))
    const wrong = parts.find((part) => !part.ok)
    return wrong ?? good(parts.flatMap((part) => (part.ok ? [part.value] : [])))
  }
}

export const folder: Check<string> = (text) =>
  text.includes('\0') ? bad('the path contains a zero byte', 'Give the path of a folder.') : good(resolve(text))

export const hostName: Check<string> = (text) => {
  if (isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text)) return good(text)
  return bad(
    `${quote(text)} is neither an IP address nor a host name`,
    'Give the address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 or :: for all.',
  )
}

const PROXY_WORDS = ['loopback', 'linklocal', 'uniquelocal']

export const proxyAddress: Check<string> = (text) => {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1
  const prefixFits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  if (PROXY_WORDS.includes(text) || (bits > 0 && prefixFits && rest.length === 0)) return good(text)
  return bad(
    `${quote(text)} is neither an IP address nor a range`,
    `Give addresses or ranges such as 10.0.0.0/8, or ${PROXY_WORDS.join(', ')}, separated by commas.`,
  )
}

export const addressRange: Check<string> = (text) => {
  try {
    readRange(text)
    return good(text)
  } catch {
    return bad(
      `${quote(text)} is neither an IP address nor a range`,
      'Give ranges such as 10.20.0.0/16 or fd00::/8, or single addresses, separated by commas.',
    )
  }
}

/** `postgres://` with a database name; the host may be a socket folder in `?host=`. */
export const databaseUrl: Check<Secret> = (text) => {
  const fix = 'Give postgres://user:password@host:5432/database (special characters in the password percent-encoded).'
  // The driver accepts an address without host, which is no valid URL.
  const url = URL.parse(text.replace('@/', '@socket/'))
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) return bad('the text is not a PostgreSQL address', fix)
  if (url.pathname.length < 2) return bad('the address names no database', fix)
  return good(new Secret(text))
}

/** Scheme, host and perhaps a path; without the closing slash. */
export const publicUrl: Check<string> = (text) => {
  const url = URL.parse(text)
  const plain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
  if (plain) return good(url.href.replace(/\/+$/, ''))
  return bad(
    `${quote(text)} is not a plain http or https address`,
    'Give an address such as https://leads.example.com.',
  )
}

/** Kept to the letter, since tokens are compared with it; plain http only on this machine. */
export const issuerUrl: Check<string> = (text) => {
  const url = URL.parse(text)
  const local = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url && !url.search && !url.hash && (url.protocol === 'https:' || (url.protocol === 'http:' && local)))
    return good(text)
  return bad(
    `${quote(text)} is not the https address of an issuer`,
    'Give the issuer exactly as its tokens carry it in "iss", such as https://login.microsoftonline.com/<tenant id>/v2.0; several separated by commas.',
  )
}

/** One or more keys of 32 bytes, in base64 or hex, the newest first; the text as it was given. */
export const masterKeys: Check<Secret> = (text) => {
  try {
    parseMasterKeys(text)
    return good(new Secret(text))
  } catch (error) {
    // Its words say which key and what is wrong with it, never what it holds.
    const [problem = '', fix = ''] = messageOf(error).split(': ')
    return bad(
      problem.replace(/^./, (letter) => letter.toLowerCase()),
      fix.replace(/^./, (letter) => letter.toUpperCase()),
    )
  }
}

/** A text of at least so many characters, without blanks or control characters. */
export function token(lengthMin: number): Check<Secret> {
  return (text) => {
    if (text.length >= lengthMin && /^[\x21-\x7e]+$/.test(text)) return good(new Secret(text))
    return bad(
      `the value is shorter than ${lengthMin} characters, or holds a blank or a letter beyond ASCII`,
      'Make one with: openssl rand -hex 24',
    )
  }
}

export const plainText: Check<string> = (text) =>
  /^[\x21-\x7e]{1,200}$/.test(text)
    ? good(text)
    : bad(`${quote(text)} holds a blank or a letter beyond ASCII, or is too long`, 'Give up to 200 plain characters.')
