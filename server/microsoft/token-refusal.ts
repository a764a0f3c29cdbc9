import type { Answer } from './exchange.ts'
import { MicrosoftError } from './microsoft-error.ts'
import { retryAfterMs } from './retry-after.ts'
import { isWebPage, type Redact, upstreamWords } from './upstream-words.ts'

const TRANSIENT_STATUS = new Set([408, 429, 500, 502, 503, 504])

/** What the frequent AADSTS numbers of Entra mean for this connection, and what to do. */
const REMEDIES: Readonly<Record<string, string>> = {
  '7000215': 'The client secret is wrong: enter its value, not its id.',
  '7000222': 'The client secret has expired: create a new one in the app registration and enter it here.',
  '700016': 'No application with this client id exists in this directory: check client id and directory id.',
  '7000112': 'The application is disabled in Entra: enable it under Enterprise applications.',
  '90002': 'The directory is not known: check the directory id.',
  '900023': 'The directory is not known: check the directory id.',
  '500011':
    'The resource is not known in this directory: add the service principal of Project Synergy to it, or correct the resource.',
  '501051':
    'The application has no role at the resource: grant it the application roles of Project Synergy, with admin consent.',
  '70011': 'The scope is not valid: check the resource and the token version.',
  '1002012': 'The scope is not valid: check the resource and the token version.',
  '700027': 'The certificate of the client is not accepted: upload its public part to the app registration.',
  '53003': 'A Conditional Access rule blocks the application: exclude it, or allow the address of this machine.',
}

/** Why the authority gave no token. Only throttling and its own troubles are worth another attempt. */
export function tokenRefusal(answer: Answer, nowMs: number, redact: Redact): MicrosoftError {
  const words = upstreamWords(answer, redact)
  const common = { operation: 'token', status: answer.status, requestId: answer.requestId } as const
  const said = words === '' ? `status ${answer.status}` : `status ${answer.status}, "${words}"`
  if (TRANSIENT_STATUS.has(answer.status) || answer.status >= 500) {
    return new MicrosoftError({
      ...common,
      kind: answer.status === 429 ? 'throttled' : answer.status === 408 ? 'timeout' : 'unavailable',
      transient: TRANSIENT_STATUS.has(answer.status),
      retryAfterMs: retryAfterMs(answer.headers, nowMs),
      detail: `The sign-in service cannot give a token at the moment (${said}).`,
      remedy: 'Try again later.',
    })
  }
  return new MicrosoftError({
    ...common,
    kind: 'token-refused',
    detail: `The sign-in service refused a token (${said}).`,
    remedy: remedyFor(answer),
  })
}

function remedyFor(answer: Answer): string {
  for (const [, code] of answer.text.matchAll(/AADSTS(\d+)/g)) {
    const remedy = code === undefined ? undefined : REMEDIES[code]
    if (remedy !== undefined) return remedy
  }
  if (answer.status === 404 || isWebPage(answer))
    return 'Check the authority address, the directory id and the token version.'
  return 'Check directory id, client id, client secret and resource of the connection.'
}
