import type { Answer } from './exchange.ts'

const LONGEST_QUOTE = 300
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g

/** Removes what must never be shown from a text; made once per client, knows its secret. */
export type Redact = (text: string) => string

/** A redactor for the given secrets, in plain and in form-encoded spelling, and for anything that looks like a token. */
export function createRedact(secrets: readonly string[]): Redact {
  const spellings = secrets.filter((secret) => secret !== '').flatMap((secret) => [secret, encodeURIComponent(secret)])
  return (text) => {
    let clean = text.replace(JWT, '[token]')
    for (const spelling of spellings) clean = clean.replaceAll(spelling, '[secret]')
    return clean
  }
}

/**
 * What Microsoft says about a refusal, as one short line: code and message of the JSON error shapes in use (Entra's
 * `error`/`error_description`, Azure's `error.code`/`error.message`, problem details) and the `x-ms-error-code` header.
 * Empty for web pages and unreadable bodies.
 */
export function upstreamWords(answer: Answer, redact: Redact): string {
  const words = [answer.headers['x-ms-error-code'], ...bodyWords(answer.text)].filter(
    (word) => word !== undefined && word !== '',
  )
  const line = [...new Set(words)].join(': ').replace(/\s+/g, ' ').trim()
  // Redacted before it is cut, or a secret could lose its end and no longer be recognised.
  const clean = redact(line)
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean
}

function bodyWords(text: string): string[] {
  const body = asObject(parsed(text))
  if (body === null) return []
  const inner = asObject(field(body, 'error')) ?? body
  return ['error', 'code', 'error_description', 'message', 'title', 'detail']
    .map((name) => field(inner, name))
    .filter((word) => typeof word === 'string')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An error page need not be JSON; its status says enough.
    return null
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

function field(body: Record<string, unknown>, name: string): unknown {
  const key = Object.keys(body).find((candidate) => candidate.toLowerCase() === name)
  return key === undefined ? undefined : body[key]
}

/** Whether the answer is a web page: a portal, a proxy or a sign-in form, not the API. */
export function isWebPage(answer: Answer): boolean {
  return /html/i.test(answer.headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(answer.text)
}
