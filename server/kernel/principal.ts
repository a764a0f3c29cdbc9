import type { Permission } from '../../contract/permissions.ts'

/**
 * Who acts. Every transaction belongs to one, and its scope is all the transaction can see:
 * - `operatorId` number: that operator only; null: the installation itself (background work that goes over operators).
 * - `channelId` number: only what belongs to that channel; null: the whole operator.
 * - `customerTenantId`: only what belongs to that customer, by its Microsoft tenant id; left out: not bound to a customer.
 * Source: design/architecture.md, names 4.
 */
export type Principal = {
  kind: 'client' | 'person' | 'job' | 'installation'
  /** API client id, user id, or job name. */
  id: string
  /** As shown in the journal. */
  name: string
  operatorId: number | null
  channelId: number | null
  customerTenantId?: string
  permissions: ReadonlySet<Permission>
  /** Request or run this work is part of; goes to the journal and the logs. */
  requestId: string
  sourceIp: string | null
}

/** A principal that belongs to one operator, as every request on an operator's objects needs. */
export type OperatorPrincipal = Principal & { operatorId: number }

const NO_PERMISSIONS: ReadonlySet<Permission> = new Set()

/** Background work over the whole installation: job runner, sealer, token check. Sees only tables that allow it. */
export function installationPrincipal(name: string, requestId: string): Principal {
  return {
    kind: 'installation',
    id: name,
    name,
    operatorId: null,
    channelId: null,
    permissions: NO_PERMISSIONS,
    requestId,
    sourceIp: null,
  }
}

/** A job working for one operator; `requestId` is the run id. */
export function jobPrincipal(job: string, operatorId: number, requestId: string): OperatorPrincipal {
  return {
    kind: 'job',
    id: job,
    name: job,
    operatorId,
    channelId: null,
    permissions: NO_PERMISSIONS,
    requestId,
    sourceIp: null,
  }
}
