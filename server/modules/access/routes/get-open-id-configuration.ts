import { getOpenIdConfiguration } from '../../../../contract/service.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { AccessRouteOptions } from './access-route-options.ts'

export function getOpenIdConfigurationRoute({ issuer, audience }: AccessRouteOptions): Route {
  return route(getOpenIdConfiguration, async () => ({
    json: {
      issuer,
      token_endpoint: `${issuer}/oauth2/v2.0/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      scopes_supported: [`${audience}/.default`],
    },
    headers: { 'cache-control': 'public, max-age=300' },
  }))
}
