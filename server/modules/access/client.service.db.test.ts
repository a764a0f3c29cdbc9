import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { type AccessWorld, credentials, startAccessWorld } from './access-world.fixture.ts'

let db: FreshDatabase
let world: AccessWorld

beforeAll(async () => {
  db = await freshDatabase()
  world = await startAccessWorld(db)
})

beforeEach(() => world.pass(60_000))

afterAll(async () => {
  await world?.close()
  await db?.close()
})

describe('clients', () => {
  it('are created with a secret shown once, used, listed and found', async () => {
    const northwind = await world.tokenOf('northwind')
    const made = await world.call(northwind, 'POST', '', { name: ' Billing ', permissions: ['leads.read'] })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Billing', clientSecret: expect.stringMatching(/^lls_.{43}$/) },
    })
    const { clientId, clientSecret } = made.body
    expect((await world.ask(await world.tokenOf(clientId, clientSecret))).json().id).toBe(clientId)
    const listed = await world.call(northwind, 'GET', '')
    expect(listed.body.data[0].clientId).toBe(clientId)
    expect(JSON.stringify(listed.body)).not.toContain(clientSecret)
    expect((await world.call(northwind, 'GET', `/${clientId}`)).body).not.toHaveProperty('clientSecret')
    const { rows } = await db.asOwner.query(`select * from journal_entry where object_id = $1`, [clientId])
    expect(rows).toEqual([
      expect.objectContaining({ action: 'client.created', actor_id: 'northwind', operator_id: 868 }),
    ])
    expect(JSON.stringify(rows)).not.toContain(clientSecret)
  })

  it('of another operator do not exist', async () => {
    const fabrikam = await world.tokenOf('fabrikam')
    for (const [method, path, body] of [
      ['GET', '/reader'],
      ['PATCH', '/reader', { name: 'x' }],
      ['DELETE', '/reader'],
      ['POST', '/reader/rotate-secret', {}],
      ['GET', '/no-such-client'],
    ] as const) {
      expect(await world.call(fabrikam, method, path, body)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    const { body } = await world.call(fabrikam, 'GET', '')
    expect(body.data.map((one: { clientId: string }) => one.clientId)).toEqual(['fabrikam'])
  })

  it('of a channel see and make only that channel’s', async () => {
    const riverside = await world.tokenOf('riverside')
    const { body } = await world.call(riverside, 'GET', '')
    expect(body.data.map((one: { clientId: string }) => one.clientId)).toEqual(['riverside'])
    const made = await world.call(riverside, 'POST', '', { name: 'mine', permissions: ['leads.read'], channelId: null })
    expect(made.body).toMatchObject({ channelId: 907 })
    expect((await world.call(riverside, 'GET', '/reader')).status).toBe(404)
    expect((await world.call(riverside, 'PATCH', `/${made.body.clientId}`, { channelId: null })).body.channelId).toBe(
      907,
    )
  })

  it('get no permission that the giver does not hold, nor does he get theirs', async () => {
    const manager = await world.tokenOf('manager')
    const beyond = { status: 403, body: { code: 'permission-beyond-own' } }
    expect(await world.call(manager, 'POST', '', { name: 'x', permissions: ['jobs.run'] })).toMatchObject(beyond)
    expect(await world.call(manager, 'PATCH', '/manager', { permissions: ['leads.read', 'jobs.run'] })).toMatchObject(
      beyond,
    )
    expect(await world.call(manager, 'POST', '/northwind/rotate-secret', {})).toMatchObject(beyond)
    expect(await world.call(manager, 'PATCH', '/northwind', { channelId: 907 })).toMatchObject(beyond)
    expect((await world.call(manager, 'GET', '/northwind')).body.actions.rotateSecret).toEqual({
      allowed: false,
      reason: expect.stringContaining('leads.write'),
    })
    expect((await world.call(await world.tokenOf('reader'), 'GET', '')).body).toMatchObject({
      code: 'permission-missing',
    })
  })

  it('refuse channels that are not the operator’s, unknown permissions and unknown keys', async () => {
    const northwind = await world.tokenOf('northwind')
    const make = (body: object) => world.call(northwind, 'POST', '', { name: 'x', permissions: [], ...body })
    expect((await make({ channelId: 908 })).body.errors[0].pointer).toBe('/body/channelId')
    expect((await make({ permissions: ['everything'] })).body.errors[0].pointer).toBe('/body/permissions/0')
    expect((await make({ permissions: ['leads.read', 'leads.read'] })).status).toBe(400)
    expect((await make({ name: '  ' })).body.errors[0].pointer).toBe('/body/name')
    expect((await make({ secret: 'mine' })).body.errors[0].pointer).toBe('/body/secret')
  })

  it('change at once, for tokens already given out too', async () => {
    const northwind = await world.tokenOf('northwind')
    const { clientId, clientSecret } = (
      await world.call(northwind, 'POST', '', { name: 'a', permissions: ['leads.read'] })
    ).body
    const token = await world.tokenOf(clientId, clientSecret)
    expect((await world.ask(token)).statusCode).toBe(200)
    await world.call(northwind, 'PATCH', `/${clientId}`, { permissions: ['jobs.read'], name: 'b' })
    expect((await world.ask(token)).json()).toMatchObject({ status: 403, code: 'permission-missing' })
    await world.call(northwind, 'PATCH', `/${clientId}`, { permissions: ['leads.read'], channelId: 907 })
    expect((await world.ask(token)).json()).toMatchObject({ channelId: 907, name: 'b' })
    const { rows } = await db.asOwner.query(
      `select before, after from journal_entry where object_id = $1 and action = 'client.changed' order by entry_id`,
      [clientId],
    )
    expect({ before: JSON.parse(rows[1].before), after: JSON.parse(rows[1].after) }).toEqual({
      before: { permissions: ['jobs.read'], channelId: null },
      after: { permissions: ['leads.read'], channelId: 907 },
    })
  })

  it('rotate: the old secret works for the overlap, then no more', async () => {
    const northwind = await world.tokenOf('northwind')
    const { clientId, clientSecret: first } = (await world.call(northwind, 'POST', '', { name: 'r', permissions: [] }))
      .body
    const second = (await world.call(northwind, 'POST', `/${clientId}/rotate-secret`, { overlapHours: 2 })).body
    expect(second.previousSecretExpiresAt).toBe(new Date(world.clock.now().getTime() + 7_200_000).toISOString())
    const status = async (secret: string) =>
      (await world.post('/oauth2/v2.0/token', credentials(clientId, secret))).statusCode
    expect([await status(first), await status(second.clientSecret)]).toEqual([200, 200])
    world.pass(7_200_001)
    expect([await status(first), await status(second.clientSecret)]).toEqual([401, 200])
    const third = (
      await world.call(await world.tokenOf('northwind'), 'POST', `/${clientId}/rotate-secret`, { overlapHours: 0 })
    ).body
    expect([await status(second.clientSecret), await status(third.clientSecret)]).toEqual([401, 200])
    expect(
      (await world.call(await world.tokenOf('northwind'), 'POST', `/${clientId}/rotate-secret`, { overlapHours: 721 }))
        .status,
    ).toBe(400)
  })

  it('are refused at once when revoked, on every instance, and for good', async () => {
    const northwind = await world.tokenOf('northwind')
    const other = world.startInstance()
    const { clientId, clientSecret } = (
      await world.call(northwind, 'POST', '', { name: 'gone', permissions: ['leads.read'] })
    ).body
    const token = await world.tokenOf(clientId, clientSecret)
    await expect.poll(async () => (await world.ask(token, {}, other)).statusCode).toBe(200)
    expect((await world.ask(token)).statusCode).toBe(200)
    expect((await world.call(northwind, 'DELETE', `/${clientId}`)).body.revokedAt).toBe(world.clock.now().toISOString())
    expect((await world.ask(token)).json()).toMatchObject({ status: 401, code: 'client-revoked' })
    await expect.poll(async () => (await world.ask(token, {}, other)).json().code).toBe('client-revoked')
    expect((await world.post('/oauth2/v2.0/token', credentials(clientId, clientSecret))).statusCode).toBe(401)
    expect((await world.call(northwind, 'DELETE', `/${clientId}`)).status).toBe(200)
    expect(await world.call(northwind, 'PATCH', `/${clientId}`, { name: 'back' })).toMatchObject({
      status: 409,
      body: { code: 'client-revoked' },
    })
    expect((await world.call(northwind, 'GET', `/${clientId}`)).body.actions.update.allowed).toBe(false)
  })
})
