import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { copyConfiguration } from '../../../sim/sbc/sbc-configuration.ts'
import { BUILT_IN_TEMPLATE_IDS as ID, type ScriptJob, type Wait, type WorkDone } from './index.ts'
import { OPERATOR, type SbcWorld, startSbcWorld } from './sbc-world.fixture.ts'

let world: SbcWorld
let sbcId: number
let number = 0

beforeAll(async () => {
  world = await startSbcWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  world.device.reset()
  await world.server.follow()
  await world.db.asOwner.query('delete from sbc_object; delete from outbox_event')
  sbcId = await world.register()
  number += 1
})

const signal = new AbortController().signal
const given = () => ({
  ...{ ShortName: `acme${number}`, FullName: 'Acme "East" Ltd', MsTenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead' },
  ...{ ServiceId: 'c39a9d97-3374-4bab-8648-459795360c7e' },
})
const job = (change: Partial<ScriptJob> = {}): ScriptJob => ({
  ...{ sbcId, purpose: 'onboarding', templateId: ID.ipGroupOnboarding, owner: `service/${number}` },
  ...{ title: 'Connect acme', key: 'connect/1' },
  variables: {
    ...given(),
    ...{ ProxySet: 'Customers', 'Cac Profile': '10 sessions', CarrierUserName: 'acme' },
    CarrierUserPassword: 'sip-password-7',
  },
  ...change,
})
const cleanup = () => ({ templateId: ID.ipGroupCleanup, variables: given() })
const isDone = (outcome: WorkDone | Wait): outcome is WorkDone => 'by' in outcome
const groups = () => world.device.namesOf('ip-group').filter((name) => name.startsWith('acme'))

describe('a script for a device that Leadline works', () => {
  it('is applied once, however often it is asked for, and can be taken back', async () => {
    const step = world.step(`wst_${number}`)
    const done = await world.sbcs.work.apply(step, job())
    expect(done).toMatchObject({ by: 'driver', templateId: ID.ipGroupOnboarding, appliedBy: 'Leadline' })
    expect(JSON.stringify(done)).not.toContain('sip-password-7')
    expect(groups()).toEqual([`acme${number}-c`, `acme${number}-t`])
    expect(world.device.isSaved).toBe(true)
    const text = world.device.text
    await world.sbcs.work.apply(step, job())
    expect(world.device.text).toBe(text)
    expect(await world.sbcs.work.objectsOf(OPERATOR, `service/${number}`)).toHaveLength(3)
    const checked = await world.sbcs.work.checkOwner(OPERATOR, `service/${number}`, signal)
    expect(checked.objects.map(({ state }) => state)).toEqual(['as-expected', 'as-expected', 'as-expected'])

    await world.sbcs.work.takeBack(step, job(), cleanup())
    expect(groups()).toEqual([])
    expect(await world.sbcs.work.objectsOf(OPERATOR, `service/${number}`)).toEqual([])
    expect(world.device.namesOf('sip-definition account')).toEqual([])
    await world.sbcs.work.takeBack(step, job(), cleanup())
  })

  it('tells how full the device is afterwards, without asking once more', async () => {
    const used = async () => {
      const { sbc } = await world.sbcs.devices.get(world.person(), sbcId)
      return sbc.tables.find(({ table }) => table === 'ip-group')?.used
    }
    const before = world.device.namesOf('ip-group').length
    await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    expect(await used()).toBe(before + 2)
    await world.sbcs.work.takeBack(world.step(`wst_${number}`), job(), cleanup())
    expect(await used()).toBe(before)
  })

  it('is wholly taken back when it was only half applied, also without a cleanup script', async () => {
    const step = world.step(`wst_${number}`)
    Object.assign(world.device, { behaviour: 'half-applied' })
    await expect(world.sbcs.work.apply(step, job())).rejects.toMatchObject({
      code: 'sbc-refused-line',
      retryable: false,
    })
    expect(groups().length).toBeGreaterThan(0)
    Object.assign(world.device, { behaviour: 'normal' })
    await world.sbcs.work.takeBack(step, job(), null)
    expect(groups()).toEqual([])
    expect(await world.sbcs.work.objectsOf(OPERATOR, `service/${number}`)).toEqual([])
  })

  it('goes on with what is its own when the device comes back with a part of it', async () => {
    const clean = copyConfiguration(world.device.running)
    const part = `configure voip\n ip-group new\n  name "acme${number}-c"\n  proxy-set-name "Customers"\n  activate\n exit\nexit`
    world.device.run(part)
    // Saved as somebody else's change was, and gone from what runs: the restart brings it back.
    world.device.save()
    world.device.running = clean
    const run = world.device.run.bind(world.device)
    let restarts = 0
    world.device.run = (script, linesMax) => {
      const result = run(script, linesMax)
      if (script.includes(`acme${number}-c`) && restarts++ === 0) world.device.restart()
      return result
    }
    expect(isDone(await world.sbcs.work.apply(world.step(`wst_${number}`), job()))).toBe(true)
    Reflect.deleteProperty(world.device, 'run')
    expect(groups().toSorted()).toEqual([`acme${number}-c`, `acme${number}-t`])
  })

  it('leaves alone what somebody else has made under the same name', async () => {
    const name = `acme${number}-c`
    const foreign = `configure voip\n ip-group new\n  name "${name}"\n  proxy-set-name "Carrier"\n  activate\n exit\nexit`
    world.device.run(foreign)
    const step = world.step(`wst_${number}`)
    await expect(world.sbcs.work.apply(step, job())).rejects.toMatchObject({ code: 'sbc-conflict', retryable: false })
    await world.sbcs.work.takeBack(step, job(), cleanup())
    expect(groups()).toEqual([name])
    const flight = await world.sbcs.work.preflight(OPERATOR, job(), signal)
    expect(flight).toMatchObject({ ok: false, asked: true, conflicts: [{ table: 'ip-group', name }] })
  })

  it('waits while another task changes the device, and goes on after that task is gone', async () => {
    await world.db.asOwner.query(
      `update sbc set lock_holder = 'wst_other', lock_until = now() + interval '1 hour' where sbc_id = $1`,
      [sbcId],
    )
    const outcome = await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    expect(isDone(outcome)).toBe(false)
    expect(groups()).toEqual([])
    await world.db.asOwner.query(`update sbc set lock_until = now() - interval '1 second' where sbc_id = $1`, [sbcId])
    expect(isDone(await world.sbcs.work.apply(world.step(`wst_${number}`), job()))).toBe(true)
  })

  it('waits for the change window', async () => {
    const window = { days: [1], from: '02:00', to: '04:00', timeZone: 'UTC' }
    await world.sbcs.devices.update(world.person(), sbcId, { changeWindow: window })
    const outcome = await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    expect(outcome).toMatchObject({ reason: expect.stringContaining('change window') })
    world.setNow('2026-11-23T02:30:00Z')
    expect(isDone(await world.sbcs.work.apply(world.step(`wst_${number}`), job()))).toBe(true)
    world.setNow('2026-11-22T18:00:00Z')
  })

  it('is done at once where the template writes nothing, and asks no device', async () => {
    world.device.forgetCalls()
    const tenant = job({ templateId: ID.tenantOnboarding, variables: given() })
    expect(await world.sbcs.work.apply(world.step(`wst_${number}`), tenant)).toMatchObject({ by: 'nothing' })
    expect(world.device.calls).toEqual([])
  })

  it('names every variable that is missing, unknown or could break out of its line', async () => {
    const variables = { ...given(), ProxySet: 'x"\n no ip-group 0', Colour: 'red', MsTenantId: '' }
    await expect(world.sbcs.work.apply(world.step(), job({ variables }))).rejects.toMatchObject({
      code: 'script-variables',
      status: 422,
      errors: [
        { pointer: '/body/scriptParameters/Colour' },
        { pointer: '/body/scriptParameters/MsTenantId' },
        { pointer: '/body/scriptParameters/ProxySet' },
      ],
    })
  })

  it('adopts what is there, and removes it as its own', async () => {
    const step = world.step(`wst_${number}`)
    const owner = `service/${number}`
    const made = `configure voip\n ip-group new\n  name "acme${number}-c"\n  activate\n exit\nexit`
    world.device.run(made)
    const objects = await world.sbcs.work.findObjects(OPERATOR, sbcId, [`acme${number}-c`], signal)
    await world.sbcs.work.adoptObjects(world.person(), sbcId, owner, objects)
    await world.sbcs.work.apply(step, job({ ...cleanup(), purpose: 'cleanup', key: 'remove/1' }))
    expect(groups()).toEqual([])
    expect(await world.sbcs.work.objectsOf(OPERATOR, owner)).toEqual([])
  })
})

it('is worked by one task at a time, whoever else wants to', async () => {
  let working = 0
  let most = 0
  const device = world.device
  const run = device.run.bind(device)
  // What changes the device is counted from its first line to the save that ends it.
  device.run = (script, linesMax) => {
    if (!script.startsWith('show')) most = Math.max(most, ++working)
    return run(script, linesMax)
  }
  const save = device.save.bind(device)
  device.save = () => {
    working = 0
    save()
  }
  const names = Array.from({ length: 6 }, (_, at) => `many${number}${at}`)
  try {
    await Promise.all(
      names.map(async (name) => {
        const mine = job({ owner: `service/${name}`, variables: { ...job().variables, ShortName: name } })
        // As the runner does with a step that waits, but sooner.
        for (;;) {
          if (isDone(await world.sbcs.work.apply(world.step(`wst_${name}`), mine))) return
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }),
    )
  } finally {
    Object.assign(device, { run, save })
  }
  expect(most).toBe(1)
  expect(
    device
      .namesOf('ip-group')
      .filter((name) => name.startsWith('many'))
      .sort(),
  ).toEqual(names.flatMap((name) => [`${name}-c`, `${name}-t`]))
})

describe('a script for a device that people work', () => {
  beforeEach(async () => {
    sbcId = await world.register({ mode: 'manual' })
  })
  const open = async () => {
    const orders = await world.sbcs.orders.list(world.person(), 'open', sbcId)
    return orders.map(({ order }) => order)
  }
  /** Somebody at the device. */
  const applyAtDevice = (script: string) => {
    world.device.run(script.replace('<CarrierUserPassword>', 'sip-password-7'))
    world.device.save()
  }
  /** What the device takes of a script that has only whole rows in it. */
  const plain = () => job({ templateId: ID.taggedGroupOnboarding, variables: { ...given(), ProxySet: 'Customers' } })

  it('waits until somebody has ticked it off, with the device as witness', async () => {
    const step = world.step(`wst_${number}`)
    expect(isDone(await world.sbcs.work.apply(step, plain()))).toBe(false)
    expect(isDone(await world.sbcs.work.apply(step, plain()))).toBe(false)
    const [order, ...more] = await open()
    expect(more).toEqual([])
    if (!order) throw new Error('There is no order.')
    expect(order).toMatchObject({ state: 'open', taskId: `wst_${number}`, title: 'Connect acme' })
    await expect(world.sbcs.orders.tickOff(world.person(), order.orderId, {}, signal)).rejects.toMatchObject({
      code: 'script-not-seen',
      status: 409,
    })
    applyAtDevice(order.script)
    const ticked = await world.sbcs.orders.tickOff(world.person(), order.orderId, { appliedBy: 'Kim Abe' }, signal)
    expect(ticked.order).toMatchObject({ state: 'done', appliedBy: 'Kim Abe', closedBy: 'Dana Wills', verified: true })
    expect(await world.sbcs.work.apply(step, plain())).toMatchObject({ by: 'person', appliedBy: 'Kim Abe' })
    expect(await world.sbcs.work.objectsOf(OPERATOR, `service/${number}`)).toHaveLength(1)

    // Taken back: a person has to do that, too, and the task does not wait.
    await world.sbcs.work.takeBack(step, plain(), { templateId: ID.taggedGroupCleanup, variables: given() })
    expect((await open()).map(({ title, taskId }) => ({ title, taskId }))).toEqual([
      { title: 'Take back: Connect acme', taskId: null },
    ])
    expect(world.messages.at(-1)).toContain('was changed by hand')
  })

  it('never holds a secret', async () => {
    await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    const [order] = await open()
    expect(order?.script).toContain('password "<CarrierUserPassword>"')
    expect(order?.script).not.toContain('sip-password-7')
  })

  it('is withdrawn when nobody needs it any more', async () => {
    const step = world.step(`wst_${number}`)
    await world.sbcs.work.apply(step, plain())
    const [order] = await open()
    await world.sbcs.work.takeBack(step, plain(), { templateId: ID.taggedGroupCleanup, variables: given() })
    expect(await open()).toEqual([])
    await expect(world.sbcs.orders.tickOff(world.person(), order?.orderId ?? '', {}, signal)).rejects.toMatchObject({
      code: 'script-order-over',
    })
  })

  it('fails with the words of whoever refuses, and is asked for anew when it is tried again', async () => {
    const step = world.step(`wst_${number}`)
    await world.sbcs.work.apply(step, plain())
    const [order] = await open()
    await world.sbcs.orders.refuse(world.person(), order?.orderId ?? '', 'Replaced this week')
    await expect(world.sbcs.work.apply(step, plain())).rejects.toMatchObject({
      ...{ code: 'sbc-rejected', retryable: false },
      message: expect.stringContaining('Replaced this week'),
    })
    expect(isDone(await world.sbcs.work.apply(step, plain()))).toBe(false)
    expect(await open()).toHaveLength(1)
  })
})

it('has nothing to take back from a device that is not there', async () => {
  await world.sbcs.work.takeBack(world.step(), job({ sbcId: 4_242 }), cleanup())
  expect(groups()).toEqual([])
})

describe('a check of a device', () => {
  it('is not needed to hear that a device is back: a script that it takes says so', async () => {
    await world.sbcs.devices.check(world.person(), sbcId, signal)
    Object.assign(world.device, { behaviour: 'error-500' })
    await expect(world.sbcs.work.apply(world.step(`wst_${number}`), job())).rejects.toMatchObject({ retryable: true })
    Object.assign(world.device, { behaviour: 'normal' })
    await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    expect((await world.events()).map(({ name }) => name)).toEqual(['sbc.unreachable', 'sbc.recovered'])
  })

  it('tells of a device that is away once, and of its coming back', async () => {
    const check = () => world.sbcs.devices.check(world.person(), sbcId, signal)
    expect(await check()).toMatchObject({ asked: true, trouble: null, facts: { version: '7.40A.500.357' } })
    Object.assign(world.device, { behaviour: 'down' })
    await world.server.follow()
    expect((await check()).trouble).toMatchObject({ code: 'sbc-unreachable' })
    await check()
    Object.assign(world.device, { behaviour: 'normal' })
    await world.server.follow()
    await check()
    expect((await world.events()).map(({ name }) => name)).toEqual(['sbc.unreachable', 'sbc.recovered'])
    const [shown] = (await world.sbcs.devices.list(world.person())).filter(({ sbc }) => sbc.sbcId === sbcId)
    expect(shown?.sbc.tables).toContainEqual({ table: 'ip-group', used: 2, limit: 250 })
  })

  it('tells of what was changed by hand, once', async () => {
    const check = () => world.sbcs.devices.check(world.person(), sbcId, signal)
    await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    expect((await check()).drifts).toEqual([])
    world.device.run(`configure voip\n ip-group "acme${number}-t"\n  tags "by hand"\n  activate\n exit\nexit`)
    world.device.run(`configure voip\n no sip-definition account "acme${number}"\nexit`)
    expect((await check()).drifts.map(({ name, drift }) => `${name} ${drift?.state}`)).toEqual([
      `acme${number}-t changed`,
      `acme${number} missing`,
    ])
    await check()
    expect((await world.events()).map(({ name, payload }) => [name, (payload as { count: number }).count])).toEqual([
      ['sbc.changed-by-hand', 2],
    ])
    await world.sbcs.work.apply(world.step(`wst_${number}`), job())
    expect((await check()).drifts).toEqual([])
  })
})
