import { isGuid } from '../kernel/ids.ts'

/** App id of Project Synergy, Microsoft's own application behind Operator Connect. Source: microsoft.md A.1. */
export const PROJECT_SYNERGY_APP_ID = 'eb63d611-525e-4a31-abd7-0cb33f679599'

/** Path templates below the base URL; `{tenantId}` stands for the customer's tenant. */
export type OperatorConnectPaths = { consents: string; consentByTenant: string; civicAddresses: string }

/** As observed in public code, never promised by Microsoft: an operator may have to change them. Source: microsoft.md A.3. */
export const DEFAULT_PATHS: OperatorConnectPaths = {
  consents: '/operator-consents',
  consentByTenant: '/operator-consents/tenants/{tenantId}',
  civicAddresses: '/address-management/tenants/{tenantId}/civic-addresses',
}

/** One operator's connection to Microsoft. Nothing in it is documented by Microsoft for certain, so all of it is configuration. */
export type OperatorConnectSettings = {
  /** For example `https://operatorconnect.microsoft.com/api`; https, or http on the loopback address. */
  baseUrl: string
  paths: OperatorConnectPaths
  /** Letter case of the bodies that later operations write; reading ignores letter case. */
  casing: 'pascal' | 'camel'
  /** The sign-in service, `https://login.microsoftonline.com` in the public cloud. */
  authority: string
  /** The operator's own Entra directory: its id or one of its domains. */
  directoryId: string
  clientId: string
  /** Client secret of the app registration, sent to the authority only; with a certificate its private key, sent nowhere. */
  secret: string
  /** PEM of the certificate that stands in place of a client secret; null: there is none. */
  certificate: string | null
  tokenVersion: 'v1.0' | 'v2.0'
  /** Whom the token is for: `PROJECT_SYNERGY_APP_ID`, or an app-id URI where the cloud wants one. */
  resource: string
  /** Limit of one attempt, from connecting to the last byte, in milliseconds. */
  requestTimeoutMs: number
}

export type SettingsProblem = { field: string; detail: string }

/** Every problem of the settings at once, each with its remedy; an empty list means that a client can be made. */
export function checkSettings(settings: OperatorConnectSettings): SettingsProblem[] {
  const problems: SettingsProblem[] = []
  const expect = (holds: boolean, field: string, detail: string) => {
    if (!holds) problems.push({ field, detail })
  }
  for (const field of ['baseUrl', 'authority'] as const) {
    const detail = urlProblem(settings[field])
    if (detail !== null) problems.push({ field, detail })
  }
  expect(settings.paths.consents.trim() !== '', 'paths.consents', 'Give the path of the consent list.')
  for (const name of ['consentByTenant', 'civicAddresses'] as const) {
    expect(settings.paths[name].includes('{tenantId}'), `paths.${name}`, 'The path must contain {tenantId}.')
  }
  expect(
    isGuid(settings.directoryId) || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(settings.directoryId),
    'directoryId',
    "Give the id or a domain of the operator's own Entra directory.",
  )
  expect(settings.clientId.trim() !== '', 'clientId', 'Give the application (client) id of the app registration.')
  expect(settings.secret !== '', 'secret', 'Give the value of the client secret (not its id), or a certificate.')
  expect(settings.resource.trim() !== '', 'resource', `Give the resource, usually ${PROJECT_SYNERGY_APP_ID}.`)
  expect(
    Number.isInteger(settings.requestTimeoutMs) &&
      settings.requestTimeoutMs > 0 &&
      settings.requestTimeoutMs <= 600_000,
    'requestTimeoutMs',
    'Give a whole number of milliseconds from 1 to 600000.',
  )
  return problems
}

function urlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'Give a full address that begins with https://.'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'Leave user name and password out of the address.'
  if (url.search !== '' || url.hash !== '') return 'Leave everything from "?" or "#" on out of the address.'
  if (url.protocol === 'https:') return null
  // A secret or a token in clear text is tolerable only where it cannot leave the machine: the simulator.
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return null
  return 'Use https; http is accepted on the loopback address only.'
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
