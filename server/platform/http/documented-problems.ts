import { createHash } from 'node:crypto'
import type { Answer, Problem } from './route.ts'

const PROBLEM_JSON = 'application/problem+json'

/**
 * A 400 about a body as the documented API tells it: what is wrong by field, in `errors`. What is left of our own problem
 * stands beside it; every other error stays as it is. Source: rest-api.md 1.6, first shape.
 */
export function validationProblem(problem: Problem): Answer {
  const flaws = problem.errors ?? []
  if (problem.status !== 400 || flaws.length === 0 || !flaws.every(({ pointer }) => pointer.startsWith('/body'))) {
    return { json: problem, contentType: PROBLEM_JSON }
  }
  const errors: Record<string, string[]> = {}
  for (const { pointer, detail } of flaws) {
    const field = pointer.slice('/body/'.length).replaceAll('/', '.')
    errors[field] = [...(errors[field] ?? []), detail]
  }
  const json = {
    ...problem,
    errors,
    type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
    title: 'One or more validation errors occurred.',
    traceId: traceIdOf(problem.requestId),
  }
  return { json, contentType: PROBLEM_JSON }
}

/** Problem details with the documented extra fields beside our own. Source: rest-api.md 1.6, second shape. */
export function extendedProblem(problem: Problem): Answer {
  const { requestId, code } = problem
  const json = { ...problem, errorTicket: requestId, errorCode: code, traceId: traceIdOf(requestId) }
  return { json, contentType: PROBLEM_JSON }
}

/** `00-<32 hex>-<16 hex>-00`, the same for one request wherever it is told. */
export function traceIdOf(requestId: string): string {
  const hex = createHash('sha256').update(requestId).digest('hex')
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-00`
}
