import type { IncomingHttpHeaders } from 'node:http'
import { CSRF_HEADER } from '../../../contract/sessions.ts'
import { AppError } from '../../kernel/errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what a foreign page could make a browser send with our cookie: it can neither set a header of its own nor pass
 * for the same origin in `Sec-Fetch-Site`, which browsers write themselves.
 */
export function requireOwnPage(method: string, headers: IncomingHttpHeaders): void {
  if (SAFE.has(method)) return
  if (headers[CSRF_HEADER.toLowerCase()] !== undefined || headers['sec-fetch-site'] === 'same-origin') return
  throw new AppError({
    code: 'csrf-header-missing',
    status: 403,
    detail: `With a session cookie, requests that change something need the header ${CSRF_HEADER}: 1.`,
  })
}
