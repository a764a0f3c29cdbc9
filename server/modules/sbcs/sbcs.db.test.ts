import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CERTIFICATE, PASSWORD, type SbcWorld, startSbcWorld } from './sbc-world.fixture.ts'

let world: SbcWorld

beforeAll(async () => {
  world = await startSbcWorld()
})
afterAll(() => world?.close())

let number = 0
const newName = () => `Device ${++number}`
const create = (asked: object, operatorId?: number) =>
  world.sbcs.devices.create(world.person(operatorId), { name: newName(), ...asked })
const driven = () => ({
  ...{ mode: 'automatic', address: world.address, user: 'leadline', password: PASSWORD },
  trust: { kind: 'fingerprint', sha256: CERTIFICATE },
})
/** Fields that are refused, with the words. */
const refused = async (work: Promise<unknown>): Promise<Record<string, string>> => {
  const error = await work.then(
    () => {
      throw new Error('It should have been refused.')
    },
    (reason: { errors?: { pointer: string; detail: string }[] }) => reason,
  )
  return Object.fromEntries((error.errors ?? []).map(({ pointer, detail }) => [pointer, detail]))
}

describe('a device', () => {
  it('is worked by hand unless it is said otherwise, and needs no address then', async () => {
    const { sbc } = await create({ make: 'Ribbon SBC 5400' })
    expect(sbc).toMatchObject({ mode: 'manual', make: 'Ribbon SBC 5400', address: null, passwordSealed: null })
    const checked = await world.sbcs.devices.check(world.person(), sbc.sbcId, new AbortController().signal)
    expect(checked).toMatchObject({ asked: false, trouble: null })
  })

  it('is refused with all that is wrong at once', async () => {
    const wrong = {
      ...{
        make: 'ribbon',
        mode: 'automatic',
        address: 'http://10.0.0.5/api',
        trunkFqdns: ['sbc1', 'sbc1.example.com'],
      },
      changeWindow: { days: [1], from: '22:00', to: '22:00', timeZone: 'Mars/Olympus' },
      trust: { kind: 'ca', pem: 'no certificate' },
    }
    expect(Object.keys(await refused(create(wrong))).sort()).toEqual([
      ...['/body/address', '/body/changeWindow/timeZone', '/body/changeWindow/to', '/body/mode', '/body/password'],
      ...['/body/trunkFqdns/0', '/body/trust/pem', '/body/user'],
    ])
  })

  it.each([
    ['http://127.0.0.1:8083', 'https'],
    ['https://127.0.0.1/path', 'no path'],
    ['https://u:p@127.0.0.1', 'no path'],
    ['https://169.254.169.254', 'link-local'],
    ['https://10.1.2.3', 'LEADLINE_SBC_ALLOWED_RANGES'],
    ['no address', 'https'],
  ])('may not be at %s', async (address, words) => {
    expect((await refused(create({ address })))['/body/address']).toContain(words)
  })

  it('keeps its password to itself, and asks for it again at another address', async () => {
    const { sbc } = await create(driven())
    expect(sbc.passwordSealed).not.toContain(PASSWORD)
    const { rows } = await world.db.asOwner.query(
      `select coalesce(before::text, '') || coalesce(after::text, '') as text from journal_entry where object_type = 'sbc'`,
    )
    expect(rows.map(({ text }) => text).join('\n')).not.toContain(PASSWORD)
    const moved = { address: 'https://127.0.0.9' }
    expect(await refused(world.sbcs.devices.update(world.person(), sbc.sbcId, moved))).toHaveProperty('/body/password')
    const again = await world.sbcs.devices.update(world.person(), sbc.sbcId, { ...moved, password: 'other' })
    expect(again.sbc.address).toBe('https://127.0.0.9')
  })

  it('has a name of its own, and a number that is never given twice', async () => {
    const { sbc } = await create({ name: 'Berlin' })
    await expect(create({ name: ' BERLIN ' })).rejects.toMatchObject({ code: 'sbc-name-taken', status: 409 })
    expect((await create({ name: 'Berlin' }, 869)).sbc.operatorId).toBe(869)
    await world.sbcs.devices.remove(world.person(), sbc.sbcId)
    const anew = await create({ name: 'Berlin' })
    expect(anew.sbc.sbcId).toBeGreaterThan(sbc.sbcId)
    await expect(world.sbcs.devices.get(world.person(869), anew.sbc.sbcId)).rejects.toMatchObject({ status: 404 })
    expect(await world.sbcs.namesOf(868, [sbc.sbcId])).toEqual(new Map([[sbc.sbcId, 'Berlin']]))
  })

  it('is not changed by who has read an older state, nor taken out while it holds something', async () => {
    const { sbc } = await create({})
    const update = (ifMatch: string) =>
      world.sbcs.devices.update(world.person(), sbc.sbcId, { timeoutMs: 9_000 }, ifMatch)
    await update(`W/"sbc-${sbc.sbcId}-1"`)
    await expect(update(`W/"sbc-${sbc.sbcId}-1"`)).rejects.toMatchObject({ code: 'changed-meanwhile', status: 412 })
    const object = { table: 'ip-group', name: 'x', values: {} }
    await world.sbcs.work.adoptObjects(world.person(), sbc.sbcId, 'service/1', [object])
    await expect(world.sbcs.devices.remove(world.person(), sbc.sbcId)).rejects.toMatchObject({ code: 'sbc-in-use' })
  })

  it('is given by two at once two numbers', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => create({})))
    expect(new Set(made.map(({ sbc }) => sbc.sbcId)).size).toBe(6)
  })
})

describe('a script template', () => {
  const templates = () => world.sbcs.templates
  const asked = (change: object = {}) => ({
    ...{ name: `Script ${++number}`, purpose: 'onboarding' as const, script: '! {{ShortName}}' },
    ...change,
  })

  it('gets a new version with each change of its script, and older ones stay', async () => {
    const made = await templates().create(world.person(), asked())
    expect(made).toMatchObject({ version: 1, isBuiltIn: false, changedBy: 'Dana Wills' })
    const change = (asks: object) => templates().update(world.person(), made.templateId, asks)
    expect((await change({ description: 'For the east' })).version).toBe(1)
    expect((await change({ script: '! two' })).version).toBe(2)
    expect((await change({ script: '! two' })).version).toBe(2)
    expect((await templates().get(world.person(), made.templateId, 1)).script).toBe('! {{ShortName}}')
    await templates().remove(world.person(), made.templateId)
    await expect(templates().get(world.person(), made.templateId)).rejects.toMatchObject({ status: 404 })
    expect((await templates().get(world.person(), made.templateId, 2)).script).toBe('! two')
  })

  it('is refused with what nobody has declared, by name', async () => {
    const script = 'name "{{Colour}}"\n{{#if ProxySet}}'
    expect(await refused(templates().create(world.person(), asked({ script })))).toMatchObject({
      '/body/variables/Colour': expect.stringContaining('Line 1'),
      '/body/variables/ProxySet': expect.any(String),
    })
  })

  it('that came with Leadline stays as it is, and keeps its name', async () => {
    await expect(templates().update(world.person(), 12, { script: '!' })).rejects.toMatchObject({
      code: 'script-template-built-in',
    })
    await expect(templates().remove(world.person(), 5000)).rejects.toMatchObject({ code: 'script-template-built-in' })
    await expect(templates().create(world.person(), asked({ name: 'groups of its OWN' }))).rejects.toMatchObject({
      code: 'script-template-name-taken',
    })
  })

  it('is sound where it came with Leadline, and renders with what it asks for', async () => {
    const values = { ShortName: 'acme', FullName: 'Acme', MsTenantId: 'x', ServiceId: 'y', SiteName: 's' }
    for (const { templateId, variables } of await templates().list(world.person())) {
      const required = Object.fromEntries(
        variables.filter((one) => one.required && !(one.name in values)).map(({ name }) => [name, 'sample']),
      )
      const rendered = await world.sbcs.work.render(868, { templateId, variables: { ...values, ...required } })
      expect(rendered.script).not.toMatch(/\{\{|\}\}/)
    }
  })

  it('is nobody else’s', async () => {
    const made = await templates().create(world.person(), asked())
    await expect(templates().get(world.person(869), made.templateId)).rejects.toMatchObject({ status: 404 })
    await expect(world.sbcs.work.render(869, { templateId: made.templateId, variables: {} })).rejects.toMatchObject({
      status: 404,
    })
  })
})
