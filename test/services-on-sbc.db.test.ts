import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Client, Json } from './harness/client.ts'
import { type ServiceDesk, startServiceDesk } from './harness/service-desk.ts'

// Services with IP groups of their own, over HTTP, with Microsoft and the SBCs simulated.

let desk: ServiceDesk
let northwind: Client
let devices: Json[]

beforeAll(async () => {
  desk = await startServiceDesk({ leads: 60, prefix: 'Grp' })
  ;({ northwind, devices } = desk)
})
afterAll(() => desk?.close())
beforeEach(() => control('PATCH', '/sbcs/sbc1', { behaviour: 'normal' }))

const control: ServiceDesk['control'] = (method, path, body) => desk.control(method, path, body)
const groupsOf = async (shortName: string): Promise<string[]> =>
  (await control('GET', '/sbcs/sbc1')).ipGroups.filter((name: string) => name.startsWith(shortName))
/** Groups and accounts that have this in their name, with their settings. */
const objectsOf = async (shortName: string): Promise<{ name: string; text: string }[]> => {
  const { configuration } = await control('GET', '/sbcs/sbc1')
  const blocks = [...configuration.matchAll(/^ (?:ip-group|sip-definition account) \d+\n(.*?)^ exit/gms)]
  const named = blocks.map(([, text = '']) => ({ name: /name "?([^"\n]+)"?/.exec(text)?.[1] ?? '', text }))
  return named.filter(({ name }) => name.startsWith(shortName)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
const PASSWORD = 'sip-password-4711'

function settings(change: object = {}): Json {
  return {
    ...{ sbcId: devices[0].id, proxySet: 'Customers', cacProfile: '10 sessions' },
    ...{ carrierUserName: 'customer', carrierPassword: PASSWORD, ...change },
  }
}

const take = () => desk.take()
const seen: ServiceDesk['seen'] = (taskId, wanted) => desk.seen(taskId, wanted)
const ended = (taskId: string) => desk.ended(taskId)
const apply = async (leadId: string, shortName: string, advanced: object = settings()) =>
  northwind.send('POST', `/api/v4/leads/${leadId}/license`, { shortName, advanced })
const deskLead = async (leadId: string) => (await northwind.get(`/api/v4/leads/${leadId}`)).body
const serviceOf = async (leadId: string) => {
  const [row] = (await northwind.get(`/api/v4/services?leadId=${leadId}`)).body.data
  return row && (await northwind.get(`/api/v4/services/${row.id}`)).body
}

describe('a license with IP groups', () => {
  test('makes them on the SBC, tells nobody the password, and takes them off with the customer', async () => {
    const { lead, shortName } = take()
    const preview = await northwind.send('POST', `/api/v4/leads/${lead.id}/license/preview`, {
      ...{ shortName, advanced: settings(), preflight: true },
    })
    expect(preview.body).toMatchObject({ allowed: true, model: 'ip-group', preflight: { reachable: true } })
    expect(preview.body.script).toContain(`${shortName}-c`)
    expect(preview.text).not.toContain(PASSWORD)
    expect(await groupsOf(shortName)).toEqual([])

    const { body } = await apply(lead.id, shortName)
    const task = await ended(body.id)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    expect(await groupsOf(shortName)).toEqual([`${shortName}-c`, `${shortName}-t`])
    expect((await control('GET', '/sbcs/sbc1')).isSaved).toBe(true)
    const service = await serviceOf(lead.id)
    expect(service).toMatchObject({ model: 'ip-group', deployment: 'Deployed' })
    expect(service.sipConnections[0]).toMatchObject({ hasCarrierPassword: true, carrierUserName: 'customer' })
    for (const path of [`/api/v4/services/${service.id}`, `/api/v4/tasks/${task.id}`, `/api/v2/task/${task.id}`]) {
      expect((await northwind.get(path)).text, path).not.toContain(PASSWORD)
    }
    const site = await northwind.get(`/api/v2/sitelocation/${service.sipConnections[0].id}`)
    expect(site.body).toMatchObject({ sbcDeploymentState: 3, sbcInfo: { cacProfile: '10 sessions' } })
    expect(site.text).not.toContain(PASSWORD)

    const check = await northwind.send('POST', `/api/v4/services/${service.id}/check`)
    expect((await ended(check.body.id)).output).toEqual({ health: 'ok' })

    const gone = await northwind.send('DELETE', `/api/v2/customer/${service.id}`)
    const deletion = await ended((gone.headers.get('location') ?? '').split('/').at(-1) ?? '')
    expect([deletion.state, deletion.error]).toEqual(['succeeded', null])
    expect(await groupsOf(shortName)).toEqual([])
    const { rows } = await desk.leadline.db.asOwner.query('select 1 from sip_secret where connection_id = $1', [
      service.sipConnections[0].id,
    ])
    expect(rows).toEqual([])
  })

  test('is refused without proxy set, with an unknown variable, and with one that would break out of its line', async () => {
    const { lead, shortName } = take()
    const without = await apply(lead.id, shortName, settings({ proxySet: undefined }))
    expect([without.status, without.body.errors[0].pointer]).toEqual([400, '/body/advanced/proxySet'])
    for (const variables of [{ Surprise: 'x' }, { TeamsProxySet: 'a"\nno ip-group x' }]) {
      const reply = await apply(lead.id, shortName, settings({ variables }))
      expect([reply.status, reply.body.code]).toEqual([422, 'script-variables'])
    }
    expect(await deskLead(lead.id)).toMatchObject({ processing: null, license: null })
    desk.giveBack(lead)
  })

  test('is taken back whole where the device refuses a line, and can be tried again with the password it had', async () => {
    const { lead, shortName } = take()
    await control('PATCH', '/sbcs/sbc1', { behaviour: 'half-applied' })
    const { body } = await apply(lead.id, shortName)
    // The device takes no whole script, not even that which cleans up.
    expect((await ended(body.id)).state).toBe('stuck')
    expect((await deskLead(lead.id)).processing).toBe('Failed')
    await control('PATCH', '/sbcs/sbc1', { behaviour: 'normal' })
    await northwind.send('POST', `/api/v4/tasks/${body.id}/retry`)
    const failed = await ended(body.id)
    expect([failed.state, failed.undone]).toEqual(['failed', 'failure'])
    expect(await groupsOf(shortName)).toEqual([])
    expect(await serviceOf(lead.id)).toBeUndefined()
    expect(await deskLead(lead.id)).toMatchObject({ processing: 'Failed', license: null })
    expect((await deskLead(lead.id)).relationship?.status).toBe(lead.relationship?.status ?? 'ConsentAcknowledged')

    await northwind.send('POST', `/api/v4/tasks/${body.id}/retry`)
    const task = await ended(body.id)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    expect(await groupsOf(shortName)).toEqual([`${shortName}-c`, `${shortName}-t`])
    expect((await serviceOf(lead.id)).sipConnections[0].hasCarrierPassword).toBe(true)
    expect(await deskLead(lead.id)).toMatchObject({ processing: 'Success', license: 'OC Essential' })
  })

  test('can be cancelled while it waits for a person, and leaves nothing', async () => {
    const { lead, shortName } = take()
    const { body } = await apply(lead.id, shortName, settings({ sbcId: devices[1].id }))
    const waiting = await seen(body.id, ({ state }) => state === 'waiting')
    expect(waiting.step.name).toBe('connect')
    expect((await serviceOf(lead.id)).deployment).toBe('Waiting')
    await northwind.send('POST', `/api/v4/tasks/${body.id}/cancel`)
    expect((await ended(body.id)).state).toBe('cancelled')
    expect(await serviceOf(lead.id)).toBeUndefined()
    expect(await deskLead(lead.id)).toMatchObject({ processing: null, license: null })
    const orders = (await northwind.get('/api/v4/script-orders?state=open')).body.data
    expect(orders.filter(({ taskId }: Json) => taskId === body.id)).toEqual([])
  })

  test('goes on when a person has applied the script', async () => {
    const { lead, shortName } = take()
    const { body } = await apply(lead.id, shortName, settings({ sbcId: devices[1].id }))
    await seen(body.id, ({ state }) => state === 'waiting')
    const orders = (await northwind.get('/api/v4/script-orders?state=open')).body.data
    const order = orders.find(({ taskId }: Json) => taskId === body.id)
    const script = (await northwind.get(`/api/v4/script-orders/${order.id}/script`)).text
    expect(script).not.toContain(PASSWORD)
    await control('POST', '/sbcs/sbc2/edit', { script: script.replaceAll('<CarrierUserPassword>', PASSWORD) })
    const done = await northwind.send('POST', `/api/v4/script-orders/${order.id}/done`, { appliedBy: 'Kim Abe' })
    expect(done.status).toBe(200)
    expect((await ended(body.id)).state).toBe('succeeded')
    expect((await serviceOf(lead.id)).deployment).toBe('Deployed')
  })
})

describe('a service with IP groups', () => {
  test('is barred and let call again', async () => {
    const { lead, shortName } = take()
    await ended((await apply(lead.id, shortName)).body.id)
    const service = await serviceOf(lead.id)
    const path = `/api/v4/services/${service.id}`

    const barred = await northwind.send('POST', `${path}/bar`, { reason: 'Invoice 4711' })
    const again = await northwind.send('POST', `${path}/unbar`)
    expect([again.status, again.body.code]).toEqual([409, 'service-busy'])
    expect((await ended(barred.body.id)).state).toBe('succeeded')
    expect((await northwind.get(path)).body.barred).toMatchObject({ reason: 'Invoice 4711' })
    expect((await control('GET', '/sbcs/sbc1')).configuration).toContain('Barred=yes')
    const free = await northwind.send('POST', `${path}/unbar`)
    expect((await ended(free.body.id)).state).toBe('succeeded')
    expect((await northwind.get(path)).body.barred).toBeNull()
    expect((await control('GET', '/sbcs/sbc1')).configuration).not.toContain('Barred=yes')
  })

  test('gets a further SIP connection, which can be changed and removed', async () => {
    const { lead, shortName } = take()
    await ended((await apply(lead.id, shortName)).body.id)
    const { id } = await serviceOf(lead.id)
    const connections = async () => (await northwind.get(`/api/v4/services/${id}`)).body.sipConnections
    const added = await northwind.send('POST', `/api/v4/services/${id}/sip-connections`, {
      ...{
        sbcId: devices[0].id,
        connectionName: 'Berlin',
        onboardingScript: 14,
        cleanupScript: 15,
        proxySet: 'Customers',
      },
    })
    expect((await ended(added.body.id)).state).toBe('succeeded')
    expect((await connections()).map(({ name, deployment }: Json) => [name, deployment])).toEqual([
      [shortName, 'Deployed'],
      ['Berlin', 'Deployed'],
    ])
    expect((await groupsOf(shortName)).toSorted()).toEqual([...[`${shortName}-c`, `${shortName}-t`, `${shortName}.2`]])
    const berlin = (await connections())[1]
    const changed = await northwind.send('PATCH', `/api/v4/sip-connections/${berlin.id}`, {
      connectionName: 'Berlin 2',
    })
    expect((await ended(changed.body.id)).state).toBe('succeeded')
    expect((await connections())[1]).toMatchObject({ name: 'Berlin 2', deployment: 'Deployed' })
    const first = await northwind.send('POST', `/api/v4/sip-connections/${(await connections())[0].id}/removal`)
    expect([first.status, first.body.code]).toEqual([409, 'connection-first'])
    const removed = await northwind.send('DELETE', `/api/v2/sitelocation/${berlin.id}`)
    expect(removed.body).toMatchObject({ status: true, msg: 'queued', o365CleanupTask: 'tsk_0' })
    expect((await ended(removed.body.sbcCleanupTaskId)).state).toBe('succeeded')
    expect(await connections()).toHaveLength(1)
    expect((await groupsOf(shortName)).toSorted()).toEqual([`${shortName}-c`, `${shortName}-t`])
  })

  test('keeps what its first SIP connection has when a second one comes to the same SBC, and goes', async () => {
    const { lead, shortName } = take()
    await ended((await apply(lead.id, shortName)).body.id)
    const { id } = await serviceOf(lead.id)
    const before = await objectsOf(shortName)
    const added = await northwind.send('POST', `/api/v2/customer/${id}/sitelocation/`, {
      siteLocationName: 'Berlin',
      sbcId: devices[0].id,
      scriptParameters: {
        ...{ ProxySet: 'PS-Berlin', ProxyAddress: '192.0.2.9:5060', 'Cac Profile': '20 sessions' },
        ...{ CarrierUserName: 'berlin' },
      },
    })
    expect(await ended(added.body)).toMatchObject({ state: 'succeeded', error: null })
    const [first, berlin] = (await northwind.get(`/api/v4/services/${id}`)).body.sipConnections
    const own = [`${shortName}.2`, `${shortName}.2-c`, `${shortName}.2-t`]
    const both = await objectsOf(shortName)
    expect(both.filter(({ name }) => !own.includes(name))).toEqual(before)
    expect(both.filter(({ name }) => own.includes(name)).map(({ name }) => name)).toEqual(own)
    expect(both.find(({ name }) => name === `${shortName}.2-c`)?.text).toContain('cac-profile "20 sessions"')
    const check = await northwind.send('POST', `/api/v4/services/${id}/check`)
    expect((await ended(check.body.id)).output).toEqual({ health: 'ok' })

    const barred = await northwind.send('POST', `/api/v4/services/${id}/bar`, { reason: 'Invoice 4712' })
    expect((await ended(barred.body.id)).state).toBe('succeeded')
    const marked = (await objectsOf(shortName)).filter(({ text }) => text.includes('Barred=yes'))
    expect(marked.map(({ name }) => name)).toEqual([`${shortName}-c`, `${shortName}.2-c`])
    await ended((await northwind.send('POST', `/api/v4/services/${id}/unbar`)).body.id)
    expect(await objectsOf(shortName)).toEqual(both)

    const removed = await northwind.send('DELETE', `/api/v2/sitelocation/${berlin.id}`)
    expect((await ended(removed.body.sbcCleanupTaskId)).state).toBe('succeeded')
    expect(await objectsOf(shortName)).toEqual(before)
    expect((await control('GET', '/sbcs/sbc1')).configuration).not.toContain('PS-Berlin')
    expect((await northwind.get(`/api/v4/services/${id}`)).body.sipConnections).toEqual([first])
  })

  test('refuses a script that would write over what its first SIP connection has', async () => {
    const { lead, shortName } = take()
    await ended((await apply(lead.id, shortName)).body.id)
    const { id } = await serviceOf(lead.id)
    const before = await objectsOf(shortName)
    const script = [
      ...['configure voip', ' ip-group new', '  name "{{ShortName}}-c"', '  type server'],
      ...['  proxy-set-name "{{ProxySet}}"', '  activate', ' exit', 'exit'],
    ].join('\n')
    const proxySet = { name: 'ProxySet', type: 'text', title: 'Proxy set', help: '', required: true, default: null }
    const template = await northwind.send('POST', '/api/v4/script-templates', {
      ...{ name: 'Names of its own', purpose: 'onboarding', script, variables: [proxySet] },
    })
    const added = await northwind.send('POST', `/api/v4/services/${id}/sip-connections`, {
      ...{ sbcId: devices[0].id, connectionName: 'Berlin', onboardingScript: template.body.id, proxySet: 'Customers' },
    })
    const task = await ended(added.body.id)
    expect([added.status, task.state, task.error?.code]).toEqual([202, 'failed', 'sbc-conflict'])
    expect(task.error.remedy).toContain('{{ObjectName}}')
    expect(await objectsOf(shortName)).toEqual(before)
    expect((await northwind.get(`/api/v4/services/${id}`)).body.sipConnections).toHaveLength(1)
  })
})
