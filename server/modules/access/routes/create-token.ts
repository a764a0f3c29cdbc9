import { createTenantToken, createToken, type TokenRequest } from '../../../../contract/tokens.ts'
import { type PublicContext, type Route, route } from '../../../platform/http/index.ts'
import { viewTokenError } from '../token.view.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

/** The token address with and without a directory id before it. */
export function createTokenRoutes({ tokens, clock }: AccessRouteOptions): Route[] {
  const issue = async (form: TokenRequest, tenantId: string | undefined, context: PublicContext) => {
    const { headers, sourceIp, requestId } = context
    const token = await tokens.issue({ form, tenantId, sourceIp, requestId, authorization: headers.authorization })
    return { json: token, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } }
  }
  const options = {
    presentError: (problem: Parameters<typeof viewTokenError>[0]) => viewTokenError(problem, clock.now()),
  }
  return [
    route(createToken, ({ body }, context) => issue(body, undefined, context), options),
    route(createTenantToken, ({ params, body }, context) => issue(body, params.tenantId, context), options),
  ]
}
