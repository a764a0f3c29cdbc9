import { OPERATOR_HEADER } from '../../../contract/sessions.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Authenticate } from '../../platform/http/index.ts'
import type { CredentialScheme } from '../access/index.ts'
import { requireOwnPage } from './csrf.ts'
import { chosenOperator, isPlatformAdministrator, type Membership, type OperatorChoice } from './person.rules.ts'
import { personPrincipal, platformPrincipal } from './person-principal.ts'
import { notSignedIn } from './person-route.ts'
import type { SessionService } from './session.service.ts'
import type { SessionCookie } from './session-cookie.ts'

/** Sessions as credentials: the person in the session of the cookie, working for the operator that X-Leadline-Operator names. */
export function sessionScheme({
  sessions,
  cookie,
}: {
  sessions: SessionService
  cookie: SessionCookie
}): CredentialScheme {
  return ({ method, headers, requestId, sourceIp }) => {
    const token = cookie.read(headers)
    if (token === undefined) return undefined
    return (async () => {
      requireOwnPage(method, headers)
      const { person, memberships, choices } = await sessions.resolve(token, { requestId })
      const choice = chosenOperator(choices, headers[OPERATOR_HEADER.toLowerCase()])
      if (!choice) throw operatorNotChosen(choices, memberships)
      return personPrincipal(person, choice, { requestId, sourceIp })
    })()
  }
}

/**
 * Administrators of the platform tier, at work on the installation as a whole: no operator need be chosen, or be there.
 * API clients belong to one operator, so their tokens do not open it.
 */
export function platformAuthentication({
  sessions,
  cookie,
}: {
  sessions: SessionService
  cookie: SessionCookie
}): Authenticate {
  return async ({ method, headers, requestId, sourceIp }) => {
    const token = cookie.read(headers)
    if (token === undefined) throw notSignedIn()
    requireOwnPage(method, headers)
    const { person, memberships } = await sessions.resolve(token, { requestId })
    if (!isPlatformAdministrator(memberships)) throw platformOnly()
    return platformPrincipal(person, { requestId, sourceIp })
  }
}

function operatorNotChosen(choices: readonly OperatorChoice[], memberships: readonly Membership[]): AppError {
  return new AppError({ code: 'operator-not-chosen', status: 409, detail: wayToAnOperator(choices, memberships) })
}

function wayToAnOperator(choices: readonly OperatorChoice[], memberships: readonly Membership[]): string {
  if (choices.length > 0) {
    return `You work for ${choices.length} operators: choose one, and send its id as ${OPERATOR_HEADER}.`
  }
  if (isPlatformAdministrator(memberships)) {
    return 'There is no operator yet: add the first one on the page Operators, or with POST /api/v4/operators {"name": "…"}.'
  }
  return 'There is no operator yet: an administrator of the platform tier adds the first one.'
}

function platformOnly(): AppError {
  return new AppError({
    code: 'platform-only',
    status: 403,
    detail: 'This belongs to the installation as a whole: only administrators of the platform tier may do it.',
  })
}
