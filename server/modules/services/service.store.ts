import { type Selectable, sql } from 'kysely'
import type {
  ConnectionModel,
  DeploymentState,
  HealthState,
  ServiceLicense,
  ServiceState,
  WireCheckResult,
} from '../../../contract/services.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { NewService, Service } from './service.rules.ts'
import { foldShortName } from './short-name.rules.ts'

/** A service that changed in a scope: 1 came into it, -1 left it, 0 is another there. `channelId` null: in no channel. */
export type ScopeChange = { channelId: number | null; added: -1 | 0 | 1 }

export type ServiceRow = {
  operator_id: number
  service_id: string
  arrival: number
  tenant_id: string
  channel_id: number | null
  lead_id: string
  lc_customer_id: number | null
  short_name: string
  short_name_folded: string
  full_name: string
  license: ServiceLicense
  licensed_users: number | null
  model: ConnectionModel
  state: ServiceState
  origin: 'licensed' | 'adopted'
  calling_profile_id: string | null
  barred_since: Date | null
  bar_reason: string | null
  connections: number
  deployment: DeploymentState
  health: HealthState
  checked_at: Date | null
  check_results: WireCheckResult[] | null
  test_calls: Record<string, { at: string; by: string }>
  task_id: string | null
  version: number
  created_at: Date
  changed_at: Date
  search: string
}
type ScopeTable = { operator_id: number; channel_id: number; version: number; total: number; last_arrival: number }
type ServiceTables = { service: ServiceRow; service_scope: ScopeTable }

/** What of a service may change after it was made. */
export type ServiceChange = Partial<
  Pick<
    Service,
    | 'lcCustomerId'
    | 'state'
    | 'barredSince'
    | 'barReason'
    | 'connections'
    | 'deployment'
    | 'health'
    | 'checkedAt'
    | 'checkResults'
    | 'testCalls'
    | 'taskId'
    | 'channelId'
    | 'callingProfileId'
  >
>

const COLUMN: Record<keyof ServiceChange, keyof ServiceRow> = {
  lcCustomerId: 'lc_customer_id',
  state: 'state',
  barredSince: 'barred_since',
  barReason: 'bar_reason',
  connections: 'connections',
  deployment: 'deployment',
  health: 'health',
  checkedAt: 'checked_at',
  checkResults: 'check_results',
  testCalls: 'test_calls',
  taskId: 'task_id',
  channelId: 'channel_id',
  callingProfileId: 'calling_profile_id',
}
const JSON_COLUMNS = new Set<string>(['checkResults', 'testCalls'])

/** Which unique rule another service stands in the way of. */
export type Taken = 'short-name' | 'tenant' | 'lead' | 'service-id'
const TAKEN: Record<string, Taken> = {
  service_short_name: 'short-name',
  service_tenant: 'tenant',
  service_lead: 'lead',
  service_pkey: 'service-id',
}

/** All writes to services. Each change moves the version of every scope that sees it. */
export function serviceStore(tx: Tx) {
  const db = openTables<ServiceTables>(tx)
  const { operatorId } = tx
  const select = () => db.selectFrom('service').selectAll().where('operator_id', '=', operatorId)

  return {
    async find(serviceId: string): Promise<Service | null> {
      const row = await select().where('service_id', '=', serviceId).executeTakeFirst()
      return row ? toService(row) : null
    },

    /** Locked against other writers until the transaction ends. */
    async lock(serviceId: string): Promise<Service | null> {
      const row = await select().where('service_id', '=', serviceId).forUpdate().executeTakeFirst()
      return row ? toService(row) : null
    },

    async ofTenant(tenantId: string): Promise<Service | null> {
      const row = await select().where('tenant_id', '=', tenantId).executeTakeFirst()
      return row ? toService(row) : null
    },

    async ofLead(leadId: string): Promise<Service | null> {
      const row = await select().where('lead_id', '=', leadId).executeTakeFirst()
      return row ? toService(row) : null
    },

    /** Of any of the leads; locked, in order, against other writers until the transaction ends. */
    async lockOfLeads(leadIds: string[]): Promise<Service[]> {
      if (leadIds.length === 0) return []
      const rows = await select()
        .where('lead_id', '=', sql<string>`any(${leadIds}::uuid[])`)
        .orderBy('service_id')
        .forUpdate()
        .execute()
      return rows.map(toService)
    },

    /** How many hang on an LC customer. */
    async countOfCustomer(customerId: number): Promise<number> {
      const { count } = await db
        .selectFrom('service')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where('operator_id', '=', operatorId)
        .where('lc_customer_id', '=', customerId)
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** Which of the names are in use, folded; in the scope of the transaction. */
    async namesInUse(names: string[]): Promise<Set<string>> {
      const rows = await db
        .selectFrom('service')
        .select('short_name_folded')
        .where('operator_id', '=', operatorId)
        .where('short_name_folded', '=', sql<string>`any(${names.map(foldShortName)}::text[])`)
        .execute()
      return new Set(rows.map((row) => row.short_name_folded))
    },

    /**
     * Makes it with its first SIP connection counted in, unless another service stands in its way: then which rule says so, and
     * the transaction can only be given up.
     */
    async insert(service: NewService, deployment: DeploymentState): Promise<Taken | null> {
      const arrival = await takeArrival()
      const values = { ...toRow(service), operator_id: operatorId, arrival, connections: 1, deployment }
      try {
        await db
          .insertInto('service')
          .values(values as unknown as ServiceRow)
          .execute()
      } catch (error) {
        const { code, constraint = '' } = error as { code?: string; constraint?: string }
        const taken = code === '23505' ? TAKEN[constraint] : undefined
        if (!taken) throw error
        return taken
      }
      await touch([{ channelId: service.channelId, added: 1 }], arrival)
      return null
    },

    /** Changes what is named; `service` as it was read under its lock. */
    async update(service: Pick<Service, 'serviceId' | 'channelId'>, change: ServiceChange): Promise<void> {
      const set = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [
          COLUMN[name as keyof ServiceChange],
          JSON_COLUMNS.has(name) && value !== null ? JSON.stringify(value) : value,
        ]),
      )
      await db
        .updateTable('service')
        .set({ ...set, version: sql<number>`version + 1`, changed_at: sql<Date>`now()` })
        .where('operator_id', '=', operatorId)
        .where('service_id', '=', service.serviceId)
        .execute()
      const to = change.channelId === undefined ? service.channelId : change.channelId
      if (to === service.channelId) return touch([{ channelId: to, added: 0 }])
      return touch([
        { channelId: service.channelId, added: -1 },
        { channelId: to, added: 1 },
      ])
    },

    /** What it is found by changes with it. */
    async rename(service: Service, fullName: string): Promise<void> {
      await db
        .updateTable('service')
        .set({
          full_name: fullName,
          search: searchTextOf({ ...service, fullName }),
          version: sql<number>`version + 1`,
          changed_at: sql<Date>`now()`,
        })
        .where('operator_id', '=', operatorId)
        .where('service_id', '=', service.serviceId)
        .execute()
      await touch([{ channelId: service.channelId, added: 0 }])
    },

    async remove(service: Pick<Service, 'serviceId' | 'channelId'>): Promise<void> {
      await db
        .deleteFrom('service')
        .where('operator_id', '=', operatorId)
        .where('service_id', '=', service.serviceId)
        .execute()
      await touch([{ channelId: service.channelId, added: -1 }])
    },

    touch,
  }

  /** The next arrival number; locks the operator's counter until the transaction ends. */
  async function takeArrival(): Promise<number> {
    for (;;) {
      const row = await db
        .selectFrom('service_scope')
        .select('last_arrival')
        .where('operator_id', '=', operatorId)
        .where('channel_id', '=', 0)
        .forUpdate()
        .executeTakeFirst()
      if (row) return row.last_arrival + 1
      await sql`insert into service_scope (operator_id) values (${operatorId}) on conflict do nothing`.execute(db)
    }
  }

  /** Tells every scope that sees a change that it has a new version, and how many services it has now. */
  async function touch(changes: ScopeChange[], lastArrival = 0): Promise<void> {
    const totals = new Map([[0, 0]])
    for (const { channelId, added } of changes) {
      totals.set(0, (totals.get(0) ?? 0) + added)
      if (channelId !== null) totals.set(channelId, (totals.get(channelId) ?? 0) + added)
    }
    // In a fixed order, so that two writers never wait for each other.
    for (const [channel, added] of [...totals].sort(([a], [b]) => a - b)) {
      await sql`
        insert into service_scope as s (operator_id, channel_id, version, total, last_arrival)
        values (${operatorId}, ${channel}, 1, ${added}, ${channel === 0 ? lastArrival : 0})
        on conflict (operator_id, channel_id) do update
        set version = s.version + 1, total = s.total + excluded.total,
            last_arrival = greatest(s.last_arrival, excluded.last_arrival)`.execute(db)
    }
  }
}

function toRow(service: NewService) {
  return {
    service_id: service.serviceId,
    tenant_id: service.tenantId,
    channel_id: service.channelId,
    lead_id: service.leadId,
    lc_customer_id: service.lcCustomerId,
    short_name: service.shortName,
    short_name_folded: foldShortName(service.shortName),
    full_name: service.fullName,
    license: service.license,
    model: service.model,
    state: service.state,
    origin: service.origin,
    calling_profile_id: service.callingProfileId,
    task_id: service.taskId,
    search: searchTextOf(service),
  }
}

function searchTextOf({
  shortName,
  fullName,
  tenantId,
  serviceId,
}: Pick<Service, 'shortName' | 'fullName' | 'tenantId' | 'serviceId'>): string {
  return `${`${shortName} ${fullName}`.normalize('NFC').toLowerCase()} ${tenantId} ${serviceId}`
}

export function toService(row: Selectable<ServiceRow>): Service {
  return {
    serviceId: row.service_id,
    arrival: row.arrival,
    tenantId: row.tenant_id,
    channelId: row.channel_id,
    leadId: row.lead_id,
    lcCustomerId: row.lc_customer_id,
    shortName: row.short_name,
    fullName: row.full_name,
    license: row.license,
    licensedUsers: row.licensed_users,
    model: row.model,
    state: row.state,
    origin: row.origin,
    callingProfileId: row.calling_profile_id,
    barredSince: row.barred_since,
    barReason: row.bar_reason,
    connections: row.connections,
    deployment: row.deployment,
    health: row.health,
    checkedAt: row.checked_at,
    checkResults: row.check_results,
    testCalls: row.test_calls,
    taskId: row.task_id,
    version: row.version,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}
