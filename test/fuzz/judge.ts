import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Endpoint } from '../../contract/endpoint.ts'
import { problem } from '../../contract/problem.ts'

/** An answer as it came over the wire. */
export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** Words that only our own inside knows. No hostile text holds one of them. */
const INSIDE = [
  /(\\n|\n)\s+at \S|\bat (async |new )?\S{1,80} \((\/|node:|file:)/,
  /node_modules|node:internal|\/server\/|\.ts:\d|file:\/\/\/(?!etc)/,
  /syntax error at or near|violates .{1,40} constraint|row-level security|duplicate key value|invalid input syntax/i,
  /invalid byte sequence|out of range for type|relation "|column "|permission denied for|current transaction is aborted/i,
  /\b(api_client|lead_search|journal_entry|outbox_event|job_run|kysely|pg_catalog)\b/,
  /Cannot read propert|is not a function|is not iterable|Maximum call stack|ECONN|TypeError|RangeError/,
]

/** Refusals of the protocol, which no endpoint lists. */
const OF_HTTP = new Set([400, 404, 405, 408, 413, 414, 417, 431])

/** 503 says when to come back; only what asks the other side may say so. */
const UNAVAILABLE = new Set(['microsoft-unavailable', 'not-connected'])

type Judge = (answer: Answer, method: string) => string[]

/** What breaks the contract of an endpoint in an answer, in words. Nothing is wrong: an empty list. */
export function judgeOf(endpoint: Endpoint, document: Record<string, never>): Judge {
  const published = publishedStatuses(endpoint, document)
  const checks = new Map<number, (value: unknown) => string[]>()
  for (const [status, { schema }] of Object.entries(endpoint.responses)) {
    if (schema) checks.set(Number(status), checkOf(schema))
  }
  const checkProblem = checkOf(problem)
  return (answer, method) => {
    const { status, headers, text } = answer
    const flaws = INSIDE.filter((pattern) => pattern.test(text)).map((pattern) => `shows its inside: ${pattern}`)
    if (headers['x-injected'] !== undefined) flaws.push('took a header from its caller')
    if (headers['x-request-id'] === undefined) flaws.push('has no X-Request-Id')
    if (status >= 500 && !isExpected(answer, endpoint)) flaws.push(`answers ${status}`)
    const isOwn = method === endpoint.method || (method === 'HEAD' && endpoint.method === 'GET')
    if (isOwn && !published.has(status) && !OF_HTTP.has(status)) flaws.push(`answers ${status}, which is not published`)
    if (method === 'HEAD' || status === 304 || status === 204) return text === '' ? flaws : [...flaws, 'has a body']
    return [...flaws, ...bodyFlaws(answer, checks.get(status), checkProblem, checks.get(400))]
  }
}

function bodyFlaws(
  { status, headers, text }: Answer,
  check: ((value: unknown) => string[]) | undefined,
  checkProblem: (value: unknown) => string[],
  checkRefusal: ((value: unknown) => string[]) | undefined,
): string[] {
  const type = String(headers['content-type'] ?? '')
  if (status >= 400) {
    if (!/json/.test(type)) return [`answers ${status} as ${type || 'nothing'}`]
    // Documented routes have refusals of their own form, and those of every route beside them.
    if (/problem\+json/.test(type)) {
      if (check?.(parsed(text)).length === 0) return []
      return checkProblem(parsed(text)).map((flaw) => `problem: ${flaw}`)
    }
    const fits = check ?? (OF_HTTP.has(status) ? checkRefusal : undefined)
    return fits ? fits(parsed(text)) : [`answers ${status} as ${type}, without a schema for it`]
  }
  return check === undefined || !/json/.test(type) ? [] : check(parsed(text))
}

function isExpected({ status, headers, text }: Answer, { operationId }: Endpoint): boolean {
  if (status !== 503) return false
  if (operationId === 'getReadiness') return true
  return UNAVAILABLE.has((parsed(text) as { code?: string })?.code ?? '') && headers['retry-after'] !== undefined
}

function publishedStatuses({ path, method }: Endpoint, document: Record<string, never>): Set<number> {
  const { paths } = document as unknown as { paths: Record<string, Record<string, { responses: object }>> }
  return new Set(Object.keys(paths[path]?.[method.toLowerCase()]?.responses ?? {}).map(Number))
}

function checkOf(schema: TSchema): (value: unknown) => string[] {
  const validator = Compile(Type.Unsafe(schema))
  return (value) =>
    validator.Check(value)
      ? []
      : validator
          .Errors(value)
          .slice(0, 3)
          .map((flaw) => `breaks its schema at ${flaw.instancePath}: ${flaw.message}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { notJson: text.slice(0, 100) }
  }
}
