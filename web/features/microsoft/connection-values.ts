import type { Connection, ConnectionChange } from '../../api/connections.ts'

/** The form's fields, all of them text. */
export type Values = {
  msOperatorId: string
  directoryId: string
  clientId: string
  /** Empty: the one that is stored stays. */
  secret: string
  /** PEM; empty: the one that is stored stays. */
  certificate: string
  secretExpiresOn: string
  baseUrl: string
  authority: string
  resource: string
  tokenVersion: Connection['tokenVersion']
  casing: Connection['casing']
  consents: string
  consentByTenant: string
  civicAddresses: string
  requestTimeoutSeconds: string
}

export function valuesOf(connection: Connection): Values {
  const { baseUrl, authority, resource, tokenVersion, casing, paths, directoryId, clientId } = connection
  return {
    ...{ baseUrl, authority, resource, tokenVersion, casing, directoryId, clientId },
    ...paths,
    msOperatorId: connection.msOperatorId ?? '',
    secret: '',
    certificate: '',
    secretExpiresOn: connection.secretExpiresOn ?? '',
    requestTimeoutSeconds: String(connection.requestTimeoutMs / 1_000),
  }
}

const PLAIN = [
  'directoryId',
  'clientId',
  'secret',
  'certificate',
  'baseUrl',
  'authority',
  'resource',
  'tokenVersion',
  'casing',
] as const
/** What is left empty stays as it is stored. */
const CREDENTIALS = new Set<string>(['secret', 'certificate'])
const PATHS = ['consents', 'consentByTenant', 'civicAddresses'] as const

/** Only what was changed: what is left out stays as it is. Blanks around a pasted value mean nothing. */
export function changeOf(values: Values, dirty: Partial<Record<keyof Values, unknown>>): ConnectionChange {
  const plain = PLAIN.filter((name) => dirty[name]).map((name) => [name, values[name].trim()] as const)
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  return {
    ...(Object.fromEntries(plain.filter(([name, text]) => !CREDENTIALS.has(name) || text !== '')) as ConnectionChange),
    ...(dirty.msOperatorId ? { msOperatorId: orNull(values.msOperatorId) } : {}),
    ...(dirty.secretExpiresOn ? { secretExpiresOn: orNull(values.secretExpiresOn) } : {}),
    ...(dirty.requestTimeoutSeconds
      ? { requestTimeoutMs: Math.round(Number(values.requestTimeoutSeconds) * 1_000) }
      : {}),
    ...(PATHS.some((name) => dirty[name])
      ? {
          paths: {
            consents: values.consents.trim(),
            consentByTenant: values.consentByTenant.trim(),
            civicAddresses: values.civicAddresses.trim(),
          },
        }
      : {}),
  }
}
