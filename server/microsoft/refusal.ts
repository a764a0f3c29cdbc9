import type { AccessToken } from './access-token.ts'
import type { Answer } from './exchange.ts'
import { MicrosoftError, type MicrosoftErrorFields, type MicrosoftOperation } from './microsoft-error.ts'
import { retryAfterMs } from './retry-after.ts'
import { isWebPage, type Redact, upstreamWords } from './upstream-words.ts'

const TRANSIENT_STATUS = new Set([500, 502, 503, 504])

/** What is needed to see consents and addresses; `Admin` or the Write role of the same name will do as well. Source: microsoft.md A.2. */
const READ_ROLES = ['PartnerSettings.Read', 'TrunkManagement.Read', 'NumberManagement.Read']

/** The roles for reading consents that a token lacks; null when its roles cannot be read. */
export function missingRoles(token: AccessToken): string[] | null {
  const { roles } = token
  if (roles === null) return null
  if (roles.includes('Admin')) return []
  return READ_ROLES.filter((role) => !roles.includes(role) && !roles.includes(role.replace('.Read', '.Write')))
}

/** Why the operator API did not answer with 200. The caller decides what a 404 means. */
export function refusal(
  operation: MicrosoftOperation,
  answer: Answer,
  token: AccessToken,
  nowMs: number,
  redact: Redact,
): MicrosoftError {
  const words = upstreamWords(answer, redact)
  const said = words === '' ? `status ${answer.status}` : `status ${answer.status}, "${words}"`
  return new MicrosoftError({
    operation,
    status: answer.status,
    requestId: answer.requestId,
    ...explain(operation, answer, said, token, nowMs),
  })
}

function explain(
  operation: MicrosoftOperation,
  answer: Answer,
  said: string,
  token: AccessToken,
  nowMs: number,
): Pick<MicrosoftErrorFields, 'kind' | 'detail' | 'remedy' | 'transient' | 'retryAfterMs'> {
  const { status } = answer
  const wait = retryAfterMs(answer.headers, nowMs)
  if (status === 401) {
    return {
      kind: 'token-refused',
      detail: `The operator API does not accept the token (${said}).`,
      remedy: 'Check resource and token version of the connection, and the clock of this machine.',
    }
  }
  if (status === 403) return explainForbidden(said, token)
  if (status === 404) {
    return {
      kind: 'not-found',
      detail: `The operator API has nothing at this path${operation === 'listConsents' ? '' : ', or does not know the tenant'} (${said}).`,
      remedy: 'Check base URL and paths of the connection, unless it is so for single tenants only.',
    }
  }
  if (status === 429) {
    return {
      kind: 'throttled',
      transient: true,
      retryAfterMs: wait,
      detail: `Microsoft asks for fewer requests (${said}).`,
      remedy: 'Try again later.',
    }
  }
  if (status === 408)
    return {
      kind: 'timeout',
      transient: true,
      detail: `Microsoft gave up waiting for the request (${said}).`,
      remedy: 'Try again later.',
    }
  if (status >= 500) {
    const transient = TRANSIENT_STATUS.has(status)
    return {
      kind: 'unavailable',
      transient,
      retryAfterMs: wait,
      detail: `The operator API has a trouble of its own (${said}).`,
      remedy: 'Try again later.',
    }
  }
  if (status >= 300 && status < 400) {
    return {
      kind: 'rejected',
      detail: `The operator API sends the request elsewhere (${said}), which is never followed.`,
      remedy: 'Check base URL and paths of the connection: they may lead to the portal and not to the API.',
    }
  }
  return {
    kind: 'rejected',
    detail: `The operator API does not accept the request (${said}).`,
    remedy: 'Check the paths of the connection.',
  }
}

function explainForbidden(said: string, token: AccessToken): Pick<MicrosoftErrorFields, 'kind' | 'detail' | 'remedy'> {
  const missing = missingRoles(token)
  if (missing !== null && missing.length > 0) {
    return {
      kind: 'role-missing',
      detail: `The operator API refuses access (${said}); the token lacks ${missing.join(', ')}.`,
      remedy: 'Grant the application these roles of Project Synergy, with admin consent.',
    }
  }
  const allowList = 'add the client id to the Application Ids under /operator/configuration of the Operator Portal'
  return {
    kind: 'forbidden',
    detail: `The operator API refuses access (${said})${missing === null ? '' : ' although the token carries the roles'}.`,
    remedy:
      missing === null
        ? `Grant the roles of Project Synergy with admin consent, and ${allowList}.`
        : `${allowList[0]?.toUpperCase()}${allowList.slice(1)}.`,
  }
}

/** An answer with status 200 that cannot be read as what was asked for. A cut-off answer may well be whole the next time. */
export function malformed(operation: MicrosoftOperation, answer: Answer, cause: unknown): MicrosoftError {
  const page = isWebPage(answer)
  return new MicrosoftError({
    kind: 'malformed',
    operation,
    status: answer.status,
    requestId: answer.requestId,
    transient: true,
    detail: page
      ? 'The answer is a web page and not data.'
      : 'The answer is cut short, or is not the data that was asked for.',
    remedy: page
      ? 'Check base URL and paths of the connection: they may lead to the portal and not to the API.'
      : 'Try again later; if it stays, check the paths of the connection.',
    // Only the parser's kind of complaint: its message quotes what Microsoft sent.
    cause: cause instanceof Error ? cause.name : undefined,
  })
}
