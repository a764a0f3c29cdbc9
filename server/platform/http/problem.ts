import { AppError } from '../../kernel/errors.ts'
import type { Principal } from '../../kernel/principal.ts'
import { quoted } from '../../kernel/repeatable.ts'
import type { Problem } from './route.ts'

/** Where a problem happened, for its `instance` and `requestId`; `publicUrl` begins its docs link. */
export type ProblemPlace = { publicUrl: string; path: string; requestId: string }

/** Turns anything thrown into an error that may be told: an AppError as it is, the framework's own by status, the rest as `internal-error`. */
export function tellable(error: unknown, bodyLimitBytes: number): AppError {
  if (error instanceof AppError) return error
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new AppError({
      code: 'body-too-large',
      status: 413,
      detail: `The body is larger than ${bodyLimitBytes} bytes: send less at once.`,
      cause: error,
    })
  }
  if (code?.startsWith('FST_ERR_') && statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    // The framework's words quote what was sent.
    const detail = (error as Error).message.replace(/'.*'/s, (part) => quoted(part.slice(1, -1)))
    return new AppError({ code: 'bad-request', status: 400, detail, cause: error })
  }
  return new AppError({
    code: 'internal-error',
    status: 500,
    detail: 'Something went wrong on our side. Try again; if it stays, tell your administrator the request id.',
    cause: error,
  })
}

/** By code: what is told in place of words that speak of the operator's own settings, such as its directory at Microsoft. */
const WITHOUT_SETTINGS: Record<string, string> = {
  'microsoft-unavailable':
    'Microsoft did not answer the question. Try again later; if it stays, ask your operator, who can see why.',
}

/** The error as the caller may know it: who sees only a channel or a customer of an operator learns nothing of its settings. */
export function toldTo(principal: Principal | undefined, error: AppError): AppError {
  const detail = WITHOUT_SETTINGS[error.code]
  const seesPart = principal !== undefined && (principal.channelId !== null || principal.customerTenantId !== undefined)
  if (detail === undefined || !seesPart) return error
  const { code, status, retryAfterSeconds } = error
  return new AppError({
    code,
    status,
    detail,
    cause: error,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })
}

/** The body of an error answer. Source: RFC 9457 and design/architecture.md, names 10. */
export function problemOf(error: AppError, place: ProblemPlace): Problem {
  return {
    type: `${place.publicUrl}/docs/errors/${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    instance: place.path,
    code: error.code,
    requestId: place.requestId,
    ...(error.errors && { errors: error.errors }),
  }
}

/** Headers that belong to an error: when to come back, and how to say who one is. */
export function errorHeaders(error: AppError): Record<string, string> {
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds))
  if (error.status === 401) headers['www-authenticate'] = challenge(error)
  return headers
}

// RFC 6750 section 3: no error attribute when no credentials came at all.
function challenge(error: AppError): string {
  if (error.code === 'credentials-missing') return 'Bearer realm="leadline"'
  const description = error.message.replace(/[^\x20-\x7e]|["\\]/g, "'")
  return `Bearer realm="leadline", error="invalid_token", error_description="${description}"`
}

function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ')
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`
}
