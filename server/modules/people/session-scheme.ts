import { OPERATOR_HEADER } from '../../../contract/sessions.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CredentialScheme } from '../access/index.ts'
import { requireOwnPage } from './csrf.ts'
import { chosenOperator, type OperatorChoice } from './person.rules.ts'
import { personPrincipal } from './person-principal.ts'
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
      const { person, choices } = await sessions.resolve(token, { requestId })
      const choice = chosenOperator(choices, headers[OPERATOR_HEADER.toLowerCase()])
      if (!choice) throw operatorNotChosen(choices)
      return personPrincipal(person, choice, { requestId, sourceIp })
    })()
  }
}

function operatorNotChosen(choices: readonly OperatorChoice[]): AppError {
  const detail =
    choices.length === 0
      ? 'There is no operator yet: add one first.'
      : `You work for ${choices.length} operators: choose one, and send its id as ${OPERATOR_HEADER}.`
  return new AppError({ code: 'operator-not-chosen', status: 409, detail })
}
