import type { Endpoint } from '../contract/endpoint.ts'
import { type Permission, permissions } from '../contract/permissions.ts'
import type { Level, Tier } from '../contract/roles.ts'

/** Who asks, as far as it decides whether an endpoint opens at all. */
export type Standing = {
  kind: 'nobody' | 'client' | 'person'
  permissions: readonly Permission[]
  /** Sees one channel only. */
  isChannel: boolean
  /** Works for an operator; a person of several chooses one. */
  hasOperator: boolean
  tier: Tier | null
  level: Level | null
}

export type Refusal = { status: 401 | 403 | 409; code: string }

const NOT_SIGNED_IN: Refusal = { status: 401, code: 'not-signed-in' }

/** What an endpoint answers to somebody whatever he asks of it, from contract/ alone; null: it opens to him. */
export function refusalOf({ permission, operatorOnly }: Endpoint, who: Standing): Refusal | null {
  const admission: string = permission
  if (admission === 'none') return null
  if (admission === 'signed-in') return who.kind === 'person' ? null : NOT_SIGNED_IN
  if (admission === 'platform-administrator') {
    if (who.kind !== 'person') return NOT_SIGNED_IN
    return who.tier === 'platform' && who.level === 'administrator' ? null : { status: 403, code: 'platform-only' }
  }
  if (who.kind === 'nobody') return { status: 401, code: 'credentials-missing' }
  if (!who.hasOperator) return { status: 409, code: 'operator-not-chosen' }
  if (!(who.permissions as string[]).includes(admission)) return { status: 403, code: 'permission-missing' }
  return operatorOnly && who.isChannel ? { status: 403, code: 'operator-only' } : null
}

/** Whether the endpoint is opened by a permission, for one operator. */
export function isOfOneOperator({ permission }: Endpoint): boolean {
  return Object.hasOwn(permissions, permission)
}
