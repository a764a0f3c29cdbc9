import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, eventually, type Json } from './harness/client.ts'
import { OVER, type ServiceDesk, startServiceDesk } from './harness/service-desk.ts'

// "Delete Customer" with something on SBCs: it takes all of it down, and believes the device and not the books.

let desk: ServiceDesk
let northwind: Client
let devices: Json[]

beforeAll(async () => {
  desk = await startServiceDesk({ leads: 30, prefix: 'Del' })
  ;({ northwind, devices } = desk)
})
afterAll(() => desk?.close())

const control: ServiceDesk['control'] = (method, path, body) => desk.control(method, path, body)
const groupsOn = async (sbc: 'sbc1' | 'sbc2', shortName: string): Promise<string[]> =>
  (await control('GET', `/sbcs/${sbc}`)).ipGroups.filter((name: string) => name.startsWith(shortName))
const onSbc1 = async (text: string): Promise<boolean> =>
  (await control('GET', '/sbcs/sbc1')).configuration.includes(text)
/** As somebody does it at the device. */
async function removeGroups(sbc: 'sbc1' | 'sbc2', shortName: string): Promise<void> {
  const lines = [' no ip-group "NAME-t"', ' no ip-group "NAME-c"'].map((line) => line.replace('NAME', shortName))
  await control('POST', `/sbcs/${sbc}/edit`, { script: ['configure voip', ...lines, 'exit'].join('\n') })
  expect(await groupsOn(sbc, shortName)).toEqual([])
}
const take = () => desk.take()
const seen: ServiceDesk['seen'] = (taskId, wanted) => desk.seen(taskId, wanted)
const ended = (taskId: string) => desk.ended(taskId)
const remove = async (serviceId: string): Promise<{ status: number; body: Json; taskId: string }> => {
  const { status, body, headers } = await northwind.send('DELETE', `/api/v2/customer/${serviceId}`)
  return { status, body, taskId: (headers.get('location') ?? '').split('/').at(-1) ?? '' }
}
const orderOf = (taskId: string): Promise<Json> =>
  eventually(
    async () => {
      const { body } = await northwind.get('/api/v4/script-orders?state=open')
      return body.data.find((order: Json) => order.taskId === taskId)
    },
    (order) => order !== undefined,
    30,
  )
const scriptOf = async (order: Json) => (await northwind.get(`/api/v4/script-orders/${order.id}/script`)).text
const tickOff = (order: Json, body: object) => northwind.send('POST', `/api/v4/script-orders/${order.id}/done`, body)

/** A service with groups on a device; on one that is worked by hand a person has applied the script, if wanted. */
async function licensed(sbcId: number, apply?: 'sbc2' | null) {
  const { lead, shortName } = take()
  const { body } = await northwind.send('POST', `/api/v4/leads/${lead.id}/license`, {
    ...{ shortName, advanced: { sbcId, proxySet: 'Customers' } },
  })
  if (apply !== undefined) {
    const order = await orderOf(body.id)
    if (apply) await control('POST', `/sbcs/${apply}/edit`, { script: await scriptOf(order) })
    expect((await tickOff(order, { appliedBy: 'Kim Abe' })).status).toBe(200)
  }
  expect((await ended(body.id)).state).toBe('succeeded')
  const [row] = (await northwind.get(`/api/v4/services?leadId=${lead.id}`)).body.data
  return { lead, shortName, service: (await northwind.get(`/api/v4/services/${row.id}`)).body }
}

/** Gives a service rules in the dial plan, and somebody else one. */
async function addRules(service: Json, prefixes: string[]): Promise<void> {
  const [site] = service.sipConnections
  const path = `/api/v2/customer/${service.id}/sitelocation/${site.id}/dialplan/OCDialPlan`
  const { body } = await northwind.send('PATCH', path, { add: prefixes.map((prefix) => ({ name: 'rule', prefix })) })
  expect((await ended(body)).state).toBe('succeeded')
}

describe('deleting a customer', () => {
  test('takes its rules out of every dial plan of the SBC, and leaves those of others', async () => {
    const { service, shortName } = await licensed(devices[0].id)
    await addRules(service, ['+44113496010#', '+44113496011#'])
    const script = [
      ...['configure voip', ' sbc dial-plan new', '  name "Second"', '  dial-plan-rule new', '   name "own"'],
      ...['   prefix "+44113496012#"', `   tag "Trunk=${service.tenantId}"`, '   activate', '  exit'],
      ...['  dial-plan-rule new', '   name "foreign"', '   prefix "+44113496013#"', `   tag "${shortName}x"`],
      ...['   activate', '  exit', '  activate', ' exit', 'exit'],
    ].join('\n')
    await control('POST', '/sbcs/sbc1/edit', { script })
    const task = await ended((await remove(service.id)).taskId)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    expect(task.output.report[0]).toEqual({ system: 'sbc', text: 'Nothing of it is left on any SBC.' })
    expect(await groupsOn('sbc1', shortName)).toEqual([])
    for (const prefix of ['+44113496010#', '+44113496011#', '+44113496012#']) expect(await onSbc1(prefix)).toBe(false)
    expect(await onSbc1('+44113496013#')).toBe(true)
  })

  test('asks an SBC that people work by hand, whatever was ticked off; another DELETE has it tried again', async () => {
    const { service, shortName } = await licensed(devices[1].id, 'sbc2')
    expect(await groupsOn('sbc2', shortName)).toEqual([`${shortName}-c`, `${shortName}-t`])
    const first = await remove(service.id)
    const order = await orderOf(first.taskId)
    expect((await tickOff(order, { unverified: true })).status).toBe(200)
    const failed = await ended(first.taskId)
    expect([failed.state, failed.error.code]).toEqual(['failed', 'service-not-clean'])
    expect(failed.error.message).toContain(`ip-group ${shortName}-c, ip-group ${shortName}-t`)

    await removeGroups('sbc2', shortName)
    const again = await remove(service.id)
    expect(again).toEqual({ status: 200, body: 1, taskId: first.taskId })
    const task = await ended(first.taskId)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    expect((await northwind.get(`/api/v4/services/${service.id}`)).status).toBe(404)
    const { body } = await northwind.get(`/api/v4/journal?objectType=task&objectId=${first.taskId}`)
    expect(body.data.map((entry: Json) => entry.action)).toContain('task.retry-requested')
  })

  test('says what nobody could verify, and who has ticked it off', async () => {
    const { body: made } = await northwind.send('POST', '/api/v4/sbcs', {
      name: 'Paper',
      make: 'other',
      mode: 'manual',
    })
    const { service } = await licensed(made.id, null)
    const { taskId } = await remove(service.id)
    await tickOff(await orderOf(taskId), { appliedBy: 'Kim Abe' })
    const task = await ended(taskId)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    const texts = task.output.report.map(({ text }: Json) => text)
    expect(texts.filter((text: string) => text.startsWith('Nothing of it is left'))).toEqual([])
    expect(texts[0]).toMatch(/^Not verified: Paper could not be read\..* Kim Abe has ticked off that it was removed\.$/)
  })

  test('puts groups and rules back when it is undone after it has stopped', async () => {
    const { service, shortName } = await licensed(devices[0].id)
    await addRules(service, ['+44113496020#'])
    const added = await northwind.send('POST', `/api/v4/services/${service.id}/sip-connections`, {
      ...{ sbcId: devices[1].id, connectionName: 'Berlin', proxySet: 'Customers' },
    })
    const connect = await orderOf(added.body.id)
    await control('POST', '/sbcs/sbc2/edit', { script: await scriptOf(connect) })
    await tickOff(connect, {})
    await ended(added.body.id)

    const { taskId } = await remove(service.id)
    await tickOff(await orderOf(taskId), { unverified: true })
    expect((await ended(taskId)).error.code).toBe('service-not-clean')
    expect([await groupsOn('sbc1', shortName), await onSbc1('+44113496020#')]).toEqual([[], false])
    await northwind.send('POST', `/api/v4/tasks/${taskId}/undo`)
    await seen(taskId, ({ undone, state }) => undone === 'asked' && OVER.includes(state))
    expect(await groupsOn('sbc1', shortName)).toEqual([`${shortName}-c`, `${shortName}-t`])
    expect(await onSbc1('+44113496020#')).toBe(true)
    expect((await northwind.get(`/api/v4/services/${service.id}`)).body.state).toBe('Active')
  })

  test('needs not look where its last SIP connection was taken off: its rules have gone with that', async () => {
    const { service, shortName } = await licensed(devices[1].id, 'sbc2')
    const added = await northwind.send('POST', `/api/v4/services/${service.id}/sip-connections`, {
      ...{ sbcId: devices[0].id, connectionName: 'Berlin', proxySet: 'Customers' },
    })
    await ended(added.body.id)
    const [, berlin] = (await northwind.get(`/api/v4/services/${service.id}`)).body.sipConnections
    await addRules({ ...service, sipConnections: [berlin] }, ['+44113496030#'])
    expect([await onSbc1('+44113496030#'), (await groupsOn('sbc1', shortName)).length]).toEqual([true, 2])
    const removed = await northwind.send('DELETE', `/api/v2/sitelocation/${berlin.id}`)
    expect((await ended(removed.body.sbcCleanupTaskId)).state).toBe('succeeded')
    expect([await onSbc1('+44113496030#'), await groupsOn('sbc1', shortName)]).toEqual([false, []])
  })

  test('takes down what was adopted, also where somebody was quicker', async () => {
    for (const isQuicker of [false, true]) {
      const { lead, shortName } = take()
      const groups = ['c', 't'].flatMap((end) => [
        ...[' ip-group new', `  name "${shortName}-${end}"`, '  type server', '  proxy-set-name "Customers"'],
        ...['  activate', ' exit'],
      ])
      await control('POST', '/sbcs/sbc1/edit', { script: ['configure voip', ...groups, 'exit'].join('\n') })
      const { body } = await northwind.send('POST', '/api/v4/services/adoption', {
        service: { tenantId: lead.tenantId, shortName, sbcId: devices[0].id },
      })
      const { serviceId } = body.rows[0]
      expect((await northwind.get(`/api/v4/services/${serviceId}`)).body.deployment).toBe('Deployed')
      if (isQuicker) await removeGroups('sbc1', shortName)
      const task = await ended((await remove(serviceId)).taskId)
      expect([task.state, task.error]).toEqual(['succeeded', null])
      expect(await groupsOn('sbc1', shortName)).toEqual([])
      const { rows } = await desk.leadline.db.asOwner.query('select 1 from sbc_object where owner like $1', [
        `service/${serviceId}%`,
      ])
      expect(rows).toEqual([])
    }
  })
})
