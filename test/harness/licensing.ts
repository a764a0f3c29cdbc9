import { expect } from 'vitest'
import { ask, type Client, eventually, type Json } from './client.ts'
import { killed, type Leadline, startLeadline } from './leadline.ts'

/** States in which a task stays, unless somebody has it tried again. */
const OVER = ['succeeded', 'failed', 'cancelled', 'stuck', 'partial']

/** Leadline with leads to be licensed, and no worker yet. */
export type LicensingWorld = { leadline: Leadline; northwind: Client; leads: Json[]; sbcId: number }

export async function startLicensing(leads: number): Promise<LicensingWorld> {
  const leadline = await startLeadline({ leads, worker: false })
  const worker = leadline.spawnWorker()
  const northwind = await leadline.as('northwind-api')
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
    90,
  )
  await killed(worker)
  const query = '/api/v4/leads?licensed=false&status=Active&isDirectLead=false&pageSize=1000'
  const { body } = await northwind.get(query)
  const devices = (await northwind.get('/api/v4/sbcs')).body.data
  return { leadline, northwind, leads: body.data, sbcId: devices[0].id }
}

/** Asks for a license; the id of its task. */
export async function applyLicense(
  { northwind, sbcId }: LicensingWorld,
  lead: Json,
  shortName: string,
  onSbc: boolean,
): Promise<string> {
  const advanced = onSbc ? { sbcId, proxySet: 'Customers' } : null
  const { status, body } = await northwind.send('POST', `/api/v4/leads/${lead.id}/license`, { shortName, advanced })
  expect([status, body.code]).toEqual([202, undefined])
  return body.id
}

/** All tasks of licensing when none of them is at work any more. */
export async function tasksOver({ leadline }: LicensingWorld, seconds: number): Promise<Json[]> {
  const { asOwner } = leadline.db
  await eventually(
    async () =>
      (
        await asOwner.query(
          `select t.wire_id, t.kind, t.state, t.waiting, s.name, s.attempts, s.failures, s.lost, s.error
           from task t left join task_step s on s.task_id = t.task_id and s.state not in ('pending', 'succeeded')
           where t.kind like 'licensing.%' and t.state <> all ($1)`,
          [OVER],
        )
      ).rows,
    (open) => open.length === 0,
    seconds,
  )
  return (await asOwner.query(`select wire_id as id, kind, state, error from task where kind like 'licensing.%'`)).rows
}

/** What of services is in any of the systems, side by side: each has to say the same. */
export async function expectWhole({ leadline, northwind, leads }: LicensingWorld, named: RegExp): Promise<Json[]> {
  const { rows: services } = await leadline.db.asOwner.query(
    `select service_id, lead_id, short_name, state, model, task_id from service where short_name ~ $1`,
    [named.source],
  )
  const { ipGroups } = await leadline.outside.control('GET', '/sbcs/sbc1')
  const expected = services
    .filter(({ model }) => model === 'ip-group')
    .flatMap(({ short_name }) => [`${short_name}-c`, `${short_name}-t`])
  expect(ipGroups.filter((name: string) => named.test(name)).toSorted(), 'IP groups').toEqual(expected.toSorted())
  const byLead = new Map(services.map((service) => [service.lead_id, service]))
  for (const { id } of leads) {
    const { body } = await northwind.get(`/api/v4/leads/${id}`)
    const { record } = await leadline.outside.control('GET', `/consents/${id}`)
    expect(body.relationship?.status ?? null, `${id} at Microsoft`).toBe(record.CustomerRelationship?.Status ?? null)
    const service = byLead.get(id)
    if (!service) {
      expect([body.umpCustomerGuid, body.license, body.processing]).not.toContain('Updating')
      expect([body.umpCustomerGuid, body.license]).toEqual([null, null])
      continue
    }
    expect([service.state, service.task_id]).toEqual(['Active', null])
    const facts = [body.umpCustomerGuid, body.license, body.processing, body.relationship?.status]
    expect(facts).toEqual([service.service_id, 'OC Essential', 'Success', 'AgreementSigned'])
  }
  const { rows: counted } = await leadline.db.asOwner.query(
    `select (select count(*)::int from service where operator_id = 868) as services,
       (select used from license_pool where operator_id = 868 and channel_id = 0 and kind = 'customers') as used,
       (select total from service_scope where operator_id = 868 and channel_id = 0) as total`,
  )
  expect(counted[0]).toMatchObject({ used: counted[0].services, total: counted[0].services })
  return services
}
