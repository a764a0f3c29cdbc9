import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, eventually, type Json } from './harness/client.ts'
import { runNow } from './harness/runs.ts'
import { OVER, type ServiceDesk, startServiceDesk } from './harness/service-desk.ts'

// What nobody may do with a service, whoever asks for it and by whichever call: over HTTP, Microsoft and SBCs simulated.

let desk: ServiceDesk
let northwind: Client
let devices: Json[]

beforeAll(async () => {
  desk = await startServiceDesk({ leads: 60, prefix: 'Safe' })
  ;({ northwind, devices } = desk)
})
afterAll(() => desk?.close())

const control: ServiceDesk['control'] = (method, path, body) => desk.control(method, path, body)
const configuration = async (sbc = 'sbc1'): Promise<string> => (await control('GET', `/sbcs/${sbc}`)).configuration

const take = () => desk.take()
const seen: ServiceDesk['seen'] = (taskId, wanted) => desk.seen(taskId, wanted)
const ended = (taskId: string) => desk.ended(taskId)
const settings = (change: object = {}) => ({ sbcId: devices[0].id, proxySet: 'Customers', ...change })
const apply = (leadId: string, shortName: string, advanced: object) =>
  northwind.send('POST', `/api/v4/leads/${leadId}/license`, { shortName, advanced })

/** A service with IP groups of its own. */
async function licensed(change: object = {}): Promise<{ lead: Json; shortName: string; service: Json; site: Json }> {
  const { lead, shortName } = take()
  const { body, status } = await apply(lead.id, shortName, settings(change))
  expect([status, body.code]).toEqual([202, undefined])
  const task = await ended(body.id)
  expect([task.state, task.error]).toEqual(['succeeded', null])
  const service = (await northwind.get(`/api/v4/services/${task.output.umpCustomerGuid}`)).body
  return { lead, shortName, service, site: service.sipConnections[0] }
}

describe('a variable that is not the asker’s to give', () => {
  const variables = {
    mstenantid: 'f40f3d12-5c1e-4c2b-9b9e-0d2c1b8f6a11',
    'Short Name': 'Other',
    CacProfile: '9 sessions',
  }
  const wrong = (prefix: string) => Object.keys(variables).map((name) => `${prefix}/${name}`)
  const pointers = ({ body }: Json) => body.errors.map(({ pointer }: Json) => pointer)

  test('is refused by name with a license, and with its preview', async () => {
    const { lead, shortName } = take()
    const reply = await apply(lead.id, shortName, settings({ variables }))
    expect([reply.status, pointers(reply)]).toEqual([400, wrong('/body/advanced/variables')])
    const asked = { shortName, advanced: settings({ variables }) }
    const preview = await northwind.send('POST', `/api/v4/leads/${lead.id}/license/preview`, asked)
    expect(preview.body.allowed).toBe(false)
    expect(preview.body.problems.map(({ pointer }: Json) => pointer)).toEqual(wrong('/body/advanced/variables'))
    desk.giveBack(lead)
  })

  test('is refused with a further SIP connection, with a change of one, and by the documented calls', async () => {
    const { lead, shortName } = take()
    const { service, site } = await licensed()
    const further = settings({ connectionName: 'Berlin', variables })
    const added = await northwind.send('POST', `/api/v4/services/${service.id}/sip-connections`, further)
    expect([added.status, pointers(added)]).toEqual([400, wrong('/body/variables')])
    const changed = await northwind.send('PATCH', `/api/v4/sip-connections/${site.id}`, { variables })
    expect([changed.status, pointers(changed)]).toEqual([400, wrong('/body/variables')])

    const scriptParameters = { ProxySet: 'Customers', MsTenantID: variables.mstenantid }
    const siteLocation = { sbcId: devices[0].id }
    const customer = { customerShortName: shortName, msTenantID: lead.tenantId, siteLocation, scriptParameters }
    const documented = [
      await northwind.send('POST', '/api/v3/customer', { configurationName: 'OcEssential_IPGROUP_TYPE', ...customer }),
      await northwind.send('POST', `/api/v2/customer/${service.id}/sitelocation`, {
        ...siteLocation,
        scriptParameters,
      }),
      await northwind.send('PATCH', `/api/v2/customer/${service.id}/sitelocation`, { scriptParameters }),
    ]
    for (const reply of documented) {
      expect(reply.status, reply.text).toBe(400)
      expect(reply.text).toContain('MsTenantID')
      expect(reply.text).not.toContain(variables.mstenantid)
    }
    expect(await configuration()).not.toContain(variables.mstenantid)
    desk.giveBack(lead)
  })

  test('does not stand in the way of sending back what was read', async () => {
    const { site } = await licensed({ variables: { Transport: 'tcp' } })
    expect(site).toMatchObject({ proxySet: 'Customers', variables: { Transport: 'tcp' } })
    const { proxySet, variables: read } = site
    const changed = await northwind.send('PATCH', `/api/v4/sip-connections/${site.id}`, { proxySet, variables: read })
    expect((await ended(changed.body.id)).state).toBe('succeeded')
  })
})

describe('a variable that a template calls secret', () => {
  const PIN = 'pin-TOPSECRET-9'
  const RENEWED = 'pin-RENEWED-10'
  let scripts: { onboardingScript: number; cleanupScript: number }

  beforeAll(async () => {
    const help = 'Of the trunk'
    const variable = (name: string, type: string) => ({ name, type, title: name, help, required: false, default: null })
    const make = async (name: string, purpose: string, script: string) => {
      const variables = [variable('TrunkPin', 'secret'), variable('Greeting', 'text'), variable('ProxySet', 'text')]
      const reply = await northwind.send('POST', '/api/v4/script-templates', { name, purpose, script, variables })
      expect(reply.status, reply.text).toBe(201)
      return reply.body.id
    }
    const group = (lines: string) => `configure voip\n ${lines}\n exit\nexit`
    scripts = {
      onboardingScript: await make(
        ...(['Pinned', 'onboarding'] as const),
        group(
          ' ip-group new\n  name "{{ShortName}}-c"\n  type server\n  proxy-set-name "{{ProxySet}}"\n  description "{{TrunkPin}}{{Greeting}}."\n  activate',
        ),
      ),
      cleanupScript: await make('Unpinned', 'cleanup', 'configure voip\n no ip-group "{{ShortName}}-c"\nexit'),
    }
  })

  async function expectNoTrace(service: Json, site: Json, secret: string): Promise<void> {
    const tasks = (await northwind.get(`/api/v4/tasks?pageSize=200`)).body.data
    const paths = [
      ...[`/api/v4/services/${service.id}`, `/api/v4/sip-connections/${site.id}`, `/api/v2/sitelocation/${site.id}`],
      ...tasks.flatMap(({ id }: Json) => [`/api/v4/tasks/${id}`, `/api/v2/task/${id}`]),
      '/api/v4/journal?pageSize=1000',
    ]
    for (const path of paths) expect((await northwind.get(path)).text, path).not.toContain(secret)
    for (const table of ['sip_connection', 'sip_secret', 'task', 'task_step', 'journal_entry']) {
      const { rows } = await desk.leadline.db.asOwner.query(`select row_to_json(t)::text as text from ${table} t`)
      expect(
        rows.filter(({ text }) => text.includes(secret)),
        table,
      ).toEqual([])
    }
  }

  test('reaches the device, and is sealed: no answer, task or table has it', async () => {
    const { service, site } = await licensed({ ...scripts, variables: { TrunkPin: PIN, Greeting: 'Hello' } })
    expect(await configuration()).toContain(`${PIN}Hello`)
    expect(site.variables).toEqual({ Greeting: 'Hello' })
    await expectNoTrace(service, site, PIN)

    // Sent back without it: it stays.
    const patch = async (variables: object) => {
      const { body } = await northwind.send('PATCH', `/api/v4/sip-connections/${site.id}`, { variables })
      expect((await ended(body.id)).state).toBe('succeeded')
      return (await northwind.get(`/api/v4/sip-connections/${site.id}`)).body.variables
    }
    expect(await patch({ Greeting: 'Hi' })).toEqual({ Greeting: 'Hi' })
    expect(await configuration()).toContain(`${PIN}Hi`)
    expect(await patch({ trunkpin: RENEWED })).toEqual({})
    expect(await configuration()).toContain(RENEWED)
    await expectNoTrace(service, site, RENEWED)
    expect(await patch({ TrunkPin: '', Greeting: 'Bye' })).toEqual({ Greeting: 'Bye' })
    expect(await configuration()).not.toContain(RENEWED)
  })

  test('is sealed when it comes by the documented call, too', async () => {
    const { lead, shortName } = take()
    const { onboardingScript, cleanupScript } = scripts
    const site = { sbcId: devices[0].id, sbcOnboardingScript: onboardingScript, sbcCleanupScript: cleanupScript }
    const { body } = await northwind.send('POST', '/api/v3/customer', {
      ...{ configurationName: 'OcEssential_IPGROUP_TYPE', customerShortName: shortName, msTenantID: lead.tenantId },
      ...{ siteLocation: site, scriptParameters: { ProxySet: 'Customers', 'CustomVar.TrunkPin': PIN } },
    })
    const { output } = await ended(body.jobId)
    const service = (await northwind.get(`/api/v4/services/${output.umpCustomerGuid}`)).body
    await expectNoTrace(service, service.sipConnections[0], PIN)
  })

  test('that was stored before its template called it so is not shown, and is sealed with the next change', async () => {
    const { service, site } = await licensed(scripts)
    await desk.leadline.db.asOwner.query(
      `update sip_connection set variables = '{"TRUNKPIN": "${PIN}", "Greeting": "Hello"}' where connection_id = $1`,
      [site.id],
    )
    for (const path of [`/api/v4/services/${service.id}`, `/api/v2/sitelocation/${site.id}`])
      expect((await northwind.get(path)).text).not.toContain(PIN)
    const { body } = await northwind.send('PATCH', `/api/v4/sip-connections/${site.id}`, { cacProfile: null })
    expect((await ended(body.id)).state).toBe('succeeded')
    expect(await configuration()).toContain(`${PIN}Hello`)
    await expectNoTrace(service, site, PIN)
  })
})

describe('a barred service', () => {
  const BARRED = 'Barred=yes'
  const run = async (path: string, body: object = {}, method = 'POST') => {
    const reply = await northwind.send(method, path, body)
    expect(reply.status, reply.text).toBe(202)
    return ended(reply.body.id)
  }
  /** The tags of the group towards the customer, as the device has them. */
  const tagsOf = async (shortName: string): Promise<string> => {
    const lines = (await configuration()).split('\n')
    const from = lines.findIndex((line) => line.includes(`name "${shortName}-c"`))
    return lines.slice(from).find((line) => line.includes('tags')) ?? ''
  }

  async function barred(): Promise<{ shortName: string; service: Json; site: Json }> {
    const made = await licensed()
    expect((await run(`/api/v4/services/${made.service.id}/bar`, { reason: 'Invoice 4711' })).state).toBe('succeeded')
    expect(await tagsOf(made.shortName)).toContain(BARRED)
    return made
  }

  test('stays barred on the SBC when a SIP connection is changed, and when a deletion is undone', async () => {
    const { shortName, service, site } = await barred()
    const task = await run(`/api/v4/sip-connections/${site.id}`, { cacProfile: '20 sessions' }, 'PATCH')
    expect([task.state, task.error]).toEqual(['succeeded', null])
    expect(await tagsOf(shortName)).toContain(BARRED)
    const check = await run(`/api/v4/services/${service.id}/check`)
    expect(check.output).toEqual({ health: 'ok' })
    const { results } = (await northwind.get(`/api/v4/services/${service.id}`)).body.check
    expect(results).toContainEqual(expect.objectContaining({ code: 'bar', result: 'ok' }))

    // The device takes half of the cleanup, so that the deletion stops; then it is undone.
    await control('PATCH', '/sbcs/sbc1', { behaviour: 'half-applied' })
    const deletion = await run(`/api/v4/services/${service.id}/deletion`, { shortName })
    await control('PATCH', '/sbcs/sbc1', { behaviour: 'normal' })
    expect(deletion.state).toBe('failed')
    expect((await run(`/api/v4/tasks/${deletion.id}/undo`)).state).toBe('failed')
    expect(await tagsOf(shortName)).toContain(BARRED)
  })

  test('is told to be able to call when the bar is not on the device', async () => {
    const { shortName, service } = await barred()
    const tags = `Trunk=${service.tenantId}`
    const script = `configure voip\n ip-group "${shortName}-c"\n  tags "${tags}"\n  activate\n exit\nexit`
    await control('POST', '/sbcs/sbc1/edit', { script })
    expect(await tagsOf(shortName)).not.toContain(BARRED)
    expect((await run(`/api/v4/services/${service.id}/check`)).output).toEqual({ health: 'error' })
    const { results } = (await northwind.get(`/api/v4/services/${service.id}`)).body.check
    expect(results).toContainEqual(expect.objectContaining({ code: 'bar', result: 'error' }))
  })
})

describe('a SIP connection on an SBC that a person works', () => {
  /** Of the service and of its connections. */
  const openOrders = async (serviceId: string): Promise<Json[]> =>
    (await northwind.get('/api/v4/script-orders?state=open')).body.data.filter(({ owner }: Json) =>
      owner.startsWith(`service/${serviceId}`),
    )
  const orderOf = async (serviceId: string): Promise<Json> => {
    const open = () => openOrders(serviceId)
    return (await eventually(open, (orders) => orders.length === 1, 30))[0]
  }
  /** What somebody does at the device, then here. */
  async function applyByHand(order: Json): Promise<void> {
    const script = (await northwind.get(`/api/v4/script-orders/${order.id}/script`)).text
    await control('POST', '/sbcs/sbc2/edit', { script })
    const done = await northwind.send('POST', `/api/v4/script-orders/${order.id}/done`, { unverified: true })
    expect(done.status, done.text).toBe(200)
  }
  const refuse = (order: Json) =>
    northwind.send('POST', `/api/v4/script-orders/${order.id}/refuse`, { reason: 'not today' })
  const standing = async (serviceId: string) => {
    const { deployment, taskId, sipConnections } = (await northwind.get(`/api/v4/services/${serviceId}`)).body
    const [, second] = sipConnections
    return { deployment, taskId, second: second?.deployment, detail: second?.deploymentDetail ?? null }
  }
  const WELL = { deployment: 'Deployed', taskId: null, second: 'Deployed', detail: null }

  async function withSecond(): Promise<{ service: Json; second: Json }> {
    const { service } = await licensed()
    const added = await northwind.send('POST', `/api/v4/services/${service.id}/sip-connections`, {
      ...{ sbcId: devices[1].id, connectionName: 'Site2', proxySet: 'Customers' },
      ...{ onboardingScript: 14, cleanupScript: 15 },
    })
    await applyByHand(await orderOf(service.id))
    expect((await ended(added.body.id)).state).toBe('succeeded')
    const [, second] = (await northwind.get(`/api/v4/services/${service.id}`)).body.sipConnections
    return { service, second }
  }

  test('is as it was when somebody refuses to remove it: nothing is to be connected', async () => {
    const { service, second } = await withSecond()
    const removal = await northwind.send('POST', `/api/v4/sip-connections/${second.id}/removal`)
    await refuse(await orderOf(service.id))
    expect((await ended(removal.body.id)).state).toBe('failed')
    expect(await standing(service.id)).toEqual(WELL)
    expect(await openOrders(service.id)).toEqual([])
    // Nor when the deletion of its service is refused, and undone.
    const { shortName } = service
    const deletion = await northwind.send('POST', `/api/v4/services/${service.id}/deletion`, { shortName })
    await refuse(await orderOf(service.id))
    expect((await ended(deletion.body.id)).state).toBe('failed')
    await northwind.send('POST', `/api/v4/tasks/${deletion.body.id}/undo`)
    await seen(deletion.body.id, ({ undone, state }) => undone !== null && OVER.includes(state))
    expect(await standing(service.id)).toEqual(WELL)
    expect(await openOrders(service.id)).toEqual([])
  })

  test('that somebody has removed is connected again by a task of its own, and Deployed when that is ticked off', async () => {
    const { service, second } = await withSecond()
    const change = await northwind.send('PATCH', `/api/v4/sip-connections/${second.id}`, { connectionName: 'Site3' })
    await applyByHand(await orderOf(service.id))
    await refuse(await orderOf(service.id))
    expect((await ended(change.body.id)).state).toBe('failed')
    const order = await orderOf(service.id)
    expect(order.title).toContain('Site2')
    await eventually(
      () => standing(service.id),
      ({ second }) => second === 'Waiting',
      30,
    )
    await applyByHand(order)
    expect(
      await eventually(
        () => standing(service.id),
        ({ taskId }) => taskId === null,
        30,
      ),
    ).toEqual(WELL)
  })

  test('says that it failed when nobody connects it again', async () => {
    const { service, second } = await withSecond()
    await northwind.send('PATCH', `/api/v4/sip-connections/${second.id}`, { connectionName: 'Site3' })
    await applyByHand(await orderOf(service.id))
    await refuse(await orderOf(service.id))
    await refuse(await orderOf(service.id))
    const after = await eventually(
      () => standing(service.id),
      ({ taskId }) => taskId === null,
      30,
    )
    expect(after).toMatchObject({
      deployment: 'Failed',
      second: 'Failed',
      detail: expect.stringContaining('not today'),
    })
  })
})

test('a calling profile without trunks, or one that Microsoft lists no more, is in the way of a license', async () => {
  const EMEA = (await northwind.get('/api/v4/calling-profiles')).body.data[0].id
  const { lead, shortName } = take()
  const asked = { shortName, advanced: settings({ callingProfileId: EMEA }) }
  const problems = async () =>
    (await northwind.send('POST', `/api/v4/leads/${lead.id}/license/preview`, asked)).body.problems
  expect(await problems()).toEqual([])
  await control('PATCH', `/calling-profiles/${EMEA}`, { trunks: [] })
  await runNow(northwind, 'peering.sync-trunks-job')
  const pointer = '/body/advanced/callingProfileId'
  expect(await problems()).toMatchObject([{ code: 'calling-profile-without-trunk', pointer }])
  await control('DELETE', `/calling-profiles/${EMEA}`)
  await runNow(northwind, 'peering.sync-trunks-job')
  expect(await problems()).toMatchObject([{ code: 'calling-profile-removed', pointer }])
  const refused = await apply(lead.id, shortName, asked.advanced)
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer])
  desk.giveBack(lead)
})

describe('the documented body with an IP group', () => {
  const create = (shortName: string, lead: Json, scriptParameters: object, more: object = {}) =>
    northwind.send('POST', '/api/v3/customer', {
      ...{ configurationName: 'OcEssential_IPGROUP_TYPE', customerShortName: shortName, msTenantID: lead.tenantId },
      ...{ scriptParameters, ...more },
    })

  test('needs no siteLocation where one SBC carries the trunk that it names', async () => {
    const { lead, shortName } = take()
    const parameters = { ProxySet: 'Customers', OnlinePstnGateway: devices[0].trunkFqdns[0].toUpperCase() }
    const { body, status } = await create(shortName, lead, parameters)
    expect([status, body.jobId]).toEqual([200, expect.stringMatching(/^wst_/)])
    const task = await ended(body.jobId)
    expect([task.state, task.error]).toEqual(['succeeded', null])
    const [site] = (await northwind.get(`/api/v4/services/${task.output.umpCustomerGuid}`)).body.sipConnections
    expect(site).toMatchObject({ sbc: { id: devices[0].id }, proxySet: 'Customers', variables: {} })
    const shown = (await northwind.get(`/api/v2/sitelocation/${site.id}`)).body
    expect(shown.onlinePstnGateway).toBe(devices[0].trunkFqdns[0])
  })

  test('is told by field what is missing, also the proxy set', async () => {
    const { lead, shortName } = take()
    const fields = async (parameters: object, more: object = {}) => {
      const { body, status } = await create(shortName, lead, parameters, more)
      return [status, ...Object.keys(body.errors ?? {})]
    }
    const site = { siteLocation: { sbcId: devices[0].id } }
    const none = { ProxySet: 'Customers', OnlinePstnGateway: 'sbc9.northwind.example' }
    expect(await fields({ ProxySet: 'Customers' })).toEqual([400, 'siteLocation.sbcId'])
    expect(await fields(none)).toEqual([400, 'scriptParameters.OnlinePstnGateway'])
    expect(await fields(none, site)).toEqual([400, 'scriptParameters.OnlinePstnGateway'])
    expect(await fields({}, site)).toEqual([400, 'scriptParameters.ProxySet'])
    const { service } = await licensed()
    const further = { sbcId: devices[0].id, siteLocationName: 'Berlin' }
    const added = await northwind.send('POST', `/api/v2/customer/${service.id}/sitelocation`, further)
    expect([added.status, ...Object.keys(added.body.errors)]).toEqual([400, 'scriptParameters.ProxySet'])
    desk.giveBack(lead)
  })

  test('and any other license give a script the trunk of its SBC', async () => {
    const made = await northwind.send('POST', '/api/v4/script-templates', {
      ...{ name: 'With its trunk', purpose: 'onboarding', variables: [] },
      script:
        'configure voip\n ip-group new\n  name "{{ShortName}}-x"\n  type server\n  description "{{OnlinePstnGateway}}"\n  activate\n exit\nexit',
    })
    const { lead, shortName } = take()
    const advanced = { sbcId: devices[0].id, model: 'tenant', onboardingScript: made.body.id }
    const preview = await northwind.send('POST', `/api/v4/leads/${lead.id}/license/preview`, { shortName, advanced })
    expect(preview.body).toMatchObject({ allowed: true, script: expect.stringContaining(devices[0].trunkFqdns[0]) })
    expect((await ended((await apply(lead.id, shortName, advanced)).body.id)).state).toBe('succeeded')
    expect(await configuration()).toContain(`description "${devices[0].trunkFqdns[0]}"`)
  })
})

test('a customer of the Operation Center with IP groups is taken into the books as one', async () => {
  const { lead } = take()
  const id = '0b6a3f0e-31c5-4d1e-9d53-8a2f5f7c9e77'
  const asked = { customerType: 'ipgroup_type', customerMsTenantId: lead.tenantId }
  const { body } = await northwind.send('POST', `/api/v2/customer/${id}/action/ovocimport`, asked)
  expect((await ended(body)).state).toBe('succeeded')
  const service = (await northwind.get(`/api/v4/services/${id}`)).body
  expect([service.model, service.sipConnections[0].model]).toEqual(['ip-group', 'ip-group'])
})

test('a license that was not applied does not say that it has converted the lead', async () => {
  const { lead, shortName } = take()
  const { body } = await apply(lead.id, shortName, settings({ sbcId: devices[1].id }))
  await seen(body.id, ({ state }) => state === 'waiting')
  await northwind.send('POST', `/api/v4/tasks/${body.id}/cancel`)
  await ended(body.id)
  const task = (await northwind.get(`/api/v2/task/${body.id}`)).body
  expect([task.status, task.details]).toEqual(['Cancelled', [null]])
})
