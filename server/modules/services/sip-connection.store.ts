import { type Selectable, sql } from 'kysely'
import type { ConnectionModel, DeploymentState } from '../../../contract/services.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { NewConnection, Service, SipConnection } from './service.rules.ts'
import { objectNameOf, worstDeployment } from './service.rules.ts'
import { serviceStore } from './service.store.ts'

type ConnectionRow = {
  operator_id: number
  connection_id: string
  service_id: string
  channel_id: number | null
  tenant_id: string
  position: number
  object_name: string
  name: string
  model: ConnectionModel
  sbc_id: number | null
  deployment: DeploymentState
  deployment_detail: string | null
  cac_profile: string | null
  proxy_set: string | null
  carrier_host_name: string | null
  carrier_user_name: string | null
  carrier_main_line: string | null
  onboarding_script: number | null
  cleanup_script: number | null
  add_numbers_script: number | null
  remove_numbers_script: number | null
  variables: Record<string, string>
  created_at: Date
  changed_at: Date
}
type SecretRow = {
  operator_id: number
  connection_id: string
  channel_id: number | null
  password_sealed: string | null
  variables_sealed: string | null
}
type SealedSecrets = { password: string | null; variables: string | null }
type ConnectionTables = { sip_connection: ConnectionRow; sip_secret: SecretRow }

export type ConnectionChange = Partial<
  Pick<
    SipConnection,
    | 'name'
    | 'deployment'
    | 'deploymentDetail'
    | 'cacProfile'
    | 'proxySet'
    | 'carrierHostName'
    | 'carrierUserName'
    | 'carrierMainLine'
    | 'variables'
  >
>

const COLUMN: Record<keyof ConnectionChange, keyof ConnectionRow> = {
  name: 'name',
  deployment: 'deployment',
  deploymentDetail: 'deployment_detail',
  cacProfile: 'cac_profile',
  proxySet: 'proxy_set',
  carrierHostName: 'carrier_host_name',
  carrierUserName: 'carrier_user_name',
  carrierMainLine: 'carrier_main_line',
  variables: 'variables',
}

/** SIP connections in the scope of the transaction; each change tells its service how its connections stand now. */
export function sipConnectionStore(tx: Tx) {
  const db = openTables<ConnectionTables>(tx)
  const { operatorId } = tx
  const select = () => db.selectFrom('sip_connection').selectAll().where('operator_id', '=', operatorId)

  async function ofService(serviceId: string): Promise<SipConnection[]> {
    const rows = await select().where('service_id', '=', serviceId).orderBy('position').execute()
    return rows.map(toConnection)
  }

  /** The caller holds the lock of the service. */
  async function settle(service: Pick<Service, 'serviceId' | 'channelId'>): Promise<void> {
    const all = await ofService(service.serviceId)
    const deployment = worstDeployment(all.map((connection) => connection.deployment))
    await serviceStore(tx).update(service, { connections: all.length, deployment })
  }

  async function insert(connection: NewConnection, position: number, shortName: string): Promise<void> {
    await sql`
      insert into sip_connection (operator_id, connection_id, service_id, channel_id, tenant_id, position, object_name, name, model,
        sbc_id,
        deployment, deployment_detail, cac_profile, proxy_set, carrier_host_name, carrier_user_name, carrier_main_line,
        onboarding_script, cleanup_script, add_numbers_script, remove_numbers_script, variables)
      values (${operatorId}, ${connection.connectionId}, ${connection.serviceId}, ${connection.channelId},
        ${connection.tenantId}, ${position}, ${objectNameOf(shortName, position)}, ${connection.name}, ${connection.model},
        ${connection.sbcId}::integer, ${connection.deployment}, ${connection.deploymentDetail}, ${connection.cacProfile},
        ${connection.proxySet}, ${connection.carrierHostName}, ${connection.carrierUserName},
        ${connection.carrierMainLine}, ${connection.onboardingScript}::integer, ${connection.cleanupScript}::integer,
        ${connection.addNumbersScript}::integer, ${connection.removeNumbersScript}::integer,
        ${JSON.stringify(connection.variables)}::json)
      on conflict (operator_id, connection_id) do nothing`.execute(db)
  }

  return {
    ofService,

    async find(connectionId: string): Promise<SipConnection | null> {
      const row = await select().where('connection_id', '=', connectionId).executeTakeFirst()
      return row ? toConnection(row) : null
    },

    /** Of many services, in the order of each. */
    async ofServices(serviceIds: string[]): Promise<SipConnection[]> {
      const rows = await select()
        .where('service_id', '=', sql<string>`any(${serviceIds}::uuid[])`)
        .orderBy('service_id')
        .orderBy('position')
        .execute()
      return rows.map(toConnection)
    },

    /** The one that comes with its service, which counts it already. */
    insertFirst: ({ shortName }: Pick<Service, 'shortName'>, connection: NewConnection): Promise<void> =>
      insert(connection, 1, shortName),

    /** As the last of its service, which the caller has locked. One that is there already stays. */
    async insert(
      service: Pick<Service, 'serviceId' | 'channelId' | 'shortName'>,
      connection: NewConnection,
    ): Promise<void> {
      const last = (await ofService(service.serviceId)).at(-1)?.position ?? 0
      await insert(connection, last + 1, service.shortName)
      await settle(service)
    },

    async update(
      service: Pick<Service, 'serviceId' | 'channelId'>,
      connectionId: string,
      change: ConnectionChange,
    ): Promise<void> {
      const set = Object.fromEntries(
        Object.entries(change).map(([name, value]) => [
          COLUMN[name as keyof ConnectionChange],
          name === 'variables' ? JSON.stringify(value) : value,
        ]),
      )
      await db
        .updateTable('sip_connection')
        .set({ ...set, changed_at: sql<Date>`now()` })
        .where('operator_id', '=', operatorId)
        .where('connection_id', '=', connectionId)
        .execute()
      await settle(service)
    },

    async remove(service: Pick<Service, 'serviceId' | 'channelId'>, connectionId: string): Promise<void> {
      await db
        .deleteFrom('sip_connection')
        .where('operator_id', '=', operatorId)
        .where('connection_id', '=', connectionId)
        .execute()
      await settle(service)
    },

    /** With its service into another channel, or out of it. */
    async move(serviceId: string, channelId: number | null): Promise<void> {
      const ids = (await ofService(serviceId)).map(({ connectionId }) => connectionId)
      if (ids.length === 0) return
      await sql`update sip_connection set channel_id = ${channelId}::integer
        where operator_id = ${operatorId} and connection_id = any(${ids}::uuid[])`.execute(db)
      await sql`update sip_secret set channel_id = ${channelId}::integer
        where operator_id = ${operatorId} and connection_id = any(${ids}::uuid[])`.execute(db)
    },

    /** Which of these have a password. */
    async withPassword(connectionIds: string[]): Promise<Set<string>> {
      if (connectionIds.length === 0) return new Set()
      const rows = await db
        .selectFrom('sip_secret')
        .select('connection_id')
        .where('operator_id', '=', operatorId)
        .where('connection_id', '=', sql<string>`any(${connectionIds}::uuid[])`)
        .where('password_sealed', 'is not', null)
        .execute()
      return new Set(rows.map((row) => row.connection_id))
    },

    /** Sealed to `sip_secret`, row `<operator>/<connection>`, columns `password_sealed` and `variables_sealed`. */
    async secretsOf(connectionId: string): Promise<SealedSecrets> {
      const row = await db
        .selectFrom('sip_secret')
        .select(['password_sealed', 'variables_sealed'])
        .where('operator_id', '=', operatorId)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst()
      return { password: row?.password_sealed ?? null, variables: row?.variables_sealed ?? null }
    },

    async setSecrets(connectionId: string, channelId: number | null, sealed: SealedSecrets): Promise<void> {
      await sql`
        insert into sip_secret (operator_id, connection_id, channel_id, password_sealed, variables_sealed)
        values (${operatorId}, ${connectionId}, ${channelId}, ${sealed.password}, ${sealed.variables})
        on conflict (operator_id, connection_id)
        do update set password_sealed = excluded.password_sealed, variables_sealed = excluded.variables_sealed`.execute(
        db,
      )
    },

    async dropPasswords(connectionIds: string[]): Promise<void> {
      if (connectionIds.length === 0) return
      await db
        .deleteFrom('sip_secret')
        .where('operator_id', '=', operatorId)
        .where('connection_id', '=', sql<string>`any(${connectionIds}::uuid[])`)
        .execute()
    },
  }
}

function toConnection(row: Selectable<ConnectionRow>): SipConnection {
  return {
    connectionId: row.connection_id,
    serviceId: row.service_id,
    channelId: row.channel_id,
    tenantId: row.tenant_id,
    position: row.position,
    objectName: row.object_name,
    name: row.name,
    model: row.model,
    sbcId: row.sbc_id,
    deployment: row.deployment,
    deploymentDetail: row.deployment_detail,
    cacProfile: row.cac_profile,
    proxySet: row.proxy_set,
    carrierHostName: row.carrier_host_name,
    carrierUserName: row.carrier_user_name,
    carrierMainLine: row.carrier_main_line,
    onboardingScript: row.onboarding_script,
    cleanupScript: row.cleanup_script,
    addNumbersScript: row.add_numbers_script,
    removeNumbersScript: row.remove_numbers_script,
    variables: row.variables,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}
