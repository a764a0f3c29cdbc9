import type { WireTokenError } from '../../../contract/tokens.ts'
import type { Answer, Problem } from '../../platform/http/index.ts'

const OAUTH_ERRORS: Record<string, string> = {
  'client-credentials-wrong': 'invalid_client',
  'grant-type-unsupported': 'unsupported_grant_type',
  'scope-unknown': 'invalid_scope',
}

/** A problem in the words of OAuth (RFC 6749 section 5.2) and the shape of Entra ID. */
export function viewTokenError(problem: Problem, now: Date): Answer {
  const hint = problem.status === 415 ? ' Send application/x-www-form-urlencoded.' : ''
  const fields = problem.errors?.map(({ pointer, detail }) => ` ${pointer}: ${detail}`).join('') ?? ''
  const json: WireTokenError = {
    error: OAUTH_ERRORS[problem.code] ?? byStatus(problem.status),
    error_description: `${problem.detail}${hint}${fields}`,
    timestamp: now.toISOString().replace('T', ' ').replace(/\.\d+/, ''),
    trace_id: problem.requestId,
    correlation_id: problem.requestId,
    error_uri: problem.type,
  }
  return { json, headers: problem.status === 401 ? { 'www-authenticate': 'Basic realm="leadline"' } : {} }
}

function byStatus(status: number): string {
  if (status === 429 || status === 503) return 'temporarily_unavailable'
  return status >= 500 ? 'server_error' : 'invalid_request'
}
