import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventLead } from '../../../contract/events.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { NewEvent } from '../../platform/events/index.ts'
import { leadIntake, setLocalFacts } from '../leads/index.ts'
import { OPERATOR, startMailWorld } from './mail-world.fixture.ts'
import { tellDaily } from './notice-writer.ts'

// Mail with a real database, a clock of the test and a server of the test. The real protocol: platform/mail/mail.test.ts.

let world: Awaited<ReturnType<typeof startMailWorld>>
beforeEach(async () => {
  world = await startMailWorld()
})
afterEach(() => world.close())

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

function leadOf(id: string, companyName: string): EventLead {
  return {
    ...{ id, tenantId: randomUUID(), companyName, companySize: 'L250_U999', status: 'Active', isDirectLead: false },
    ...{ consentedCountries: ['GB'], consentedOn: null, lastModifiedOn: null },
    contact: { fullName: null, email: null, phoneNumber: null },
  }
}

function newLead(
  companyName: string,
  channelId: number | null = null,
  name: 'lead.created' | 'assigned' = 'lead.created',
) {
  const lead = leadOf(randomUUID(), companyName)
  const common = { channelId, key: `lead/${lead.id}` }
  const ids = { leadId: lead.id, tenantId: lead.tenantId, lead }
  const event: NewEvent =
    name === 'lead.created'
      ? { ...common, name, payload: ids }
      : { ...common, name: 'lead.channel-assigned', payload: { ...ids, channelId: channelId ?? 0 } }
  return event
}

/** What happened is routed, half a minute passes, and whoever sends does so. */
async function tellAndSend(engine = world.makeEngine()) {
  await world.routed()
  world.clock.advance(30_000)
  await engine.drain()
}

describe('the queue', () => {
  async function queueOne() {
    await world.set()
    await world.addPerson('nora@northwind.example', 'operator', 'administrator')
    await world.emit([newLead('Contoso Ltd')])
    await world.routed()
    world.clock.advance(30_000)
  }

  test('a server that is down, then up, gets the mail once; the settings say since when', async () => {
    await queueOne()
    world.state.isDown = true
    const engine = world.makeEngine()
    await engine.drain()
    expect(await world.rows()).toMatchObject([{ state: 'waiting', attempts: 1 }])
    const { settings, waiting } = await world.mail.get(world.person())
    expect(settings).toMatchObject({ lastError: 'connect: Nobody listens.' })
    expect([settings?.failingSince === null, waiting]).toEqual([false, 1])
    world.state.isDown = false
    world.clock.advance(30_000)
    await engine.drain()
    expect(world.state.arrived).toHaveLength(0)
    world.clock.advance(31_000)
    await engine.drain()
    expect(world.state.arrived).toHaveLength(1)
    expect(await world.rows()).toMatchObject([{ state: 'sent', attempts: 2 }])
    expect((await world.mail.get(world.person())).settings?.failingSince).toBeNull()
  })

  test('greylisting is waited for; a refusal for good is a bounce with the words of the server', async () => {
    await queueOne()
    const engine = world.makeEngine()
    world.state.behave = () => ({ stage: 'recipient', code: 451, said: '451 4.7.1 Greylisted' })
    await engine.drain()
    expect(await world.rows()).toMatchObject([{ state: 'waiting', last_reply: '451 4.7.1 Greylisted', last_code: 451 }])
    world.state.behave = () => ({ stage: 'recipient', code: 550, said: '550 5.1.1 no such mailbox here' })
    world.clock.advance(2 * MINUTE)
    await engine.drain()
    const { data } = await world.mail.list(world.person(), { state: 'bounced' })
    expect(data).toMatchObject([{ lastReply: '550 5.1.1 no such mailbox here', lastStage: 'recipient', attempts: 2 }])
    // A bounce tells of the mail; the server itself works.
    expect((await world.mail.get(world.person())).settings?.failingSince).toBeNull()
    world.state.behave = () => null
    world.clock.advance(DAY)
    await engine.drain()
    expect(world.state.arrived).toHaveLength(0)
    await world.mail.retry(world.person(), data[0]?.mailId ?? '')
    await engine.drain()
    expect(world.state.arrived).toHaveLength(1)
    await expect(world.mail.retry(world.person(), data[0]?.mailId ?? '')).rejects.toMatchObject({ code: 'mail-sent' })
  })

  test('an outage of a day costs no mail; after two days it is given up, and says so', async () => {
    await queueOne()
    world.state.isDown = true
    const engine = world.makeEngine()
    for (let hours = 0; hours < 47; hours++) {
      world.clock.advance(60 * MINUTE)
      await engine.drain()
      expect((await world.rows())[0]?.state).toBe('waiting')
    }
    for (let hours = 0; hours < 24; hours++) {
      world.clock.advance(60 * MINUTE)
      await engine.drain()
    }
    expect(await world.rows()).toMatchObject([{ state: 'given-up' }])
  })

  test('a worker that dies between the mail and its word about it loses none; two workers double none', async () => {
    await queueOne()
    let release = () => {}
    const frozen = new Promise<void>((done) => {
      release = done
    })
    world.state.onTaken = () => frozen
    const dying = world.makeEngine()
    const stuck = dying.drain()
    await expect.poll(() => world.state.arrived.length).toBe(1)
    const other = world.makeEngine()
    await other.drain()
    expect(world.state.arrived).toHaveLength(1)
    world.clock.advance(4 * MINUTE)
    world.state.onTaken = async () => {}
    await other.drain()
    expect(world.state.arrived).toHaveLength(2)
    const ids = world.state.arrived.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1])
    expect(ids[0]).toMatch(/^<.+@northwind\.example>$/)
    expect(ids[1]).toBe(ids[0])
    release()
    await stuck
    expect(await world.rows()).toMatchObject([{ state: 'sent', attempts: 2 }])
  })
})

describe('people', () => {
  test('many new leads of one sync become one mail to each; nothing a lead says is markup', async () => {
    await world.set()
    await world.addPerson('nora@northwind.example', 'operator', 'administrator')
    await world.addPerson('nina@northwind.example', 'operator', 'monitor')
    await world.addPerson('farah@fabrikam.example', 'operator', 'administrator', null, 869)
    await world.emit(Array.from({ length: 1_500 }, (_, n) => newLead(`<img src=x> & "Sons" ${n}`)))
    await tellAndSend()
    const rows = await world.rows()
    expect(rows.map((row) => row.recipient_address).sort()).toEqual([
      'nina@northwind.example',
      'nora@northwind.example',
    ])
    expect(rows.map(({ subject }) => subject)).toEqual(Array(2).fill('Northwind Voice: 1500 new leads'))
    const [{ html_body: html, text_body: text }] = (await world.db.asOwner.query('select * from mail')).rows
    expect(html).toContain('&lt;img src=x&gt; &amp; &quot;Sons&quot;')
    expect(html).not.toMatch(/<img|<[^>]*src=|<script/i)
    expect(text).toContain('and 1480 more')
    expect(text).toContain('https://leads.example.com/operators/868/leads/')
  })

  test('a channel hears of its own leads only, while they are its own', async () => {
    await world.set()
    await world.addPerson('rosa@riverside.example', 'channel', 'operator', 907)
    await world.addPerson('lars@lakeside.example', 'channel', 'operator', 908)
    const [kept, moved] = [newLead('Kept Ltd', 907, 'assigned'), newLead('Moved Ltd', 907, 'assigned')]
    await place(kept, 907)
    await place(moved, 908)
    await world.emit([kept, moved, newLead('Not theirs')])
    await world.emit([
      {
        ...{ name: 'webhook.paused', channelId: 908, key: 'webhook/1' },
        payload: { webhookId: randomUUID(), name: 'CRM', reason: 'failing', failingSince: null, lastError: '503' },
      },
    ])
    await tellAndSend()
    const mails = await world.rows()
    expect(mails.map((mail) => [mail.recipient_address, mail.subject]).sort()).toEqual([
      ['lars@lakeside.example', 'Northwind Voice: A webhook was paused: CRM'],
      ['rosa@riverside.example', 'Northwind Voice: A lead for you: Kept Ltd'],
    ])
  })

  test('each chooses what comes at once, in the daily mail, or never', async () => {
    await world.set()
    const never = await world.addPerson('never@northwind.example', 'operator', 'operator')
    const daily = await world.addPerson('daily@northwind.example', 'operator', 'operator')
    await world.choose(never, 'new-lead', 'never')
    await world.choose(daily, 'new-lead', 'digest')
    await world.emit([newLead('Contoso Ltd')])
    await tellAndSend()
    expect(await world.rows()).toEqual([])
    // Whatever the hour is now: noon of tomorrow is past the hour of the daily mail.
    world.clock.advance(DAY + new Date(world.clock.now()).setUTCHours(12, 0, 0, 0) - world.clock.now().getTime())
    const tell = () =>
      world.transact(jobPrincipal('test', OPERATOR, 'r'), (tx) =>
        tellDaily(tx, { publicUrl: 'https://leads.example.com', now: world.clock.now() }),
      )
    const written = [await tell(), await tell()]
    world.clock.advance(DAY)
    written.push(await tell())
    expect(written.sort()).toEqual([0, 0, 1])
    expect((await world.rows()).map((mail) => mail.recipient_address)).toEqual(['daily@northwind.example'])
  })

  test('the daily mail tells what came in after the last one, though it had happened before; nothing twice, a week at most', async () => {
    await world.set()
    const daily = await world.addPerson('daily@northwind.example', 'operator', 'operator')
    await world.choose(daily, 'new-lead', 'digest')
    world.clock.advance(10 * DAY + new Date(world.clock.now()).setUTCHours(12, 0, 0, 0) - world.clock.now().getTime())
    const takeIn = async (companyName: string, ago: number) => {
      await world.emit([newLead(companyName)])
      await world.routed()
      const at = new Date(world.clock.now().getTime() - ago)
      const sql = `update mail_notice set at = $1 where payload ->> 'companyName' = $2`
      await world.db.asOwner.query(sql, [at, companyName])
    }
    const tell = () =>
      world.transact(jobPrincipal('test', OPERATOR, 'r'), (tx) =>
        tellDaily(tx, { publicUrl: 'https://leads.example.com', now: world.clock.now() }),
      )
    await takeIn('In time', 60 * MINUTE)
    await takeIn('Long ago', 7 * DAY + MINUTE)
    expect(await tell()).toBe(1)
    // Decided before the mail of today was written, and routed after it.
    await takeIn('Late', 30 * MINUTE)
    world.clock.advance(DAY)
    expect(await tell()).toBe(1)
    world.clock.advance(DAY)
    expect(await tell()).toBe(0)
    const subjects = (await world.rows()).map(({ subject }) => subject)
    expect(subjects).toEqual(['In time', 'Late'].map((name) => `Northwind Voice: your day, New lead: ${name}`))
  })

  test('nobody is told while mail is off, nor afterwards of what happened then', async () => {
    await world.addPerson('nora@northwind.example', 'operator', 'administrator')
    await world.emit([newLead('Before')])
    await world.routed()
    await world.set()
    await tellAndSend()
    expect(await world.rows()).toEqual([])
  })
})

describe('the settings', () => {
  const asked = {
    ...{ enabled: true, host: 'smtp.example.com', port: 587, tls: 'starttls' as const, userName: 'u' },
    ...{ senderName: 'N', senderAddress: 'leads@northwind.example' },
  } as const

  test('keep the password sealed, out of the journal, and for its own server only', async () => {
    await world.mail.set(world.person(), { ...asked, password: 'hunter-secret' })
    await world.mail.set(world.person(), { ...asked, senderName: 'Other' })
    await expect(world.mail.set(world.person(), { ...asked, host: 'smtp.evil.example' })).rejects.toMatchObject({
      errors: [{ pointer: '/body/password' }],
    })
    await expect(world.mail.set(world.person(), { ...asked, tls: 'none' })).rejects.toMatchObject({
      errors: [{ pointer: '/body/password' }],
    })
    const stored = await world.db.asOwner.query(`select (select json_agg(s) from mail_settings s)::text
      || (select json_agg(j) from journal_entry j)::text as all`)
    expect(stored.rows[0].all).not.toContain('hunter-secret')
    expect(stored.rows[0].all).toContain('mail.settings-changed')
  })

  test.each([
    ['senderAddress', { senderAddress: 'leads@northwind.example\r\nBcc: x@y.example' }],
    ['senderName', { senderName: 'Northwind\r\nBcc: x@y.example' }],
    ['host', { host: '10.0.0.1' }],
    ['host', { host: '169.254.169.254' }],
    ['host', { host: '[::ffff:10.0.0.1]' }],
    ['host', { host: '2130706433' }],
    ['host', { host: 'smtp.example.com\r\nQUIT' }],
    ['password', { userName: null }],
  ])('refuse %s of %j', async (field, change) => {
    await expect(world.mail.set(world.person(), { ...asked, password: 'p', ...change })).rejects.toMatchObject({
      errors: [{ pointer: `/body/${field}` }],
    })
  })

  test('and mails are nobody else’s', async () => {
    await world.set()
    expect((await world.mail.get(world.person(869))).settings).toBeNull()
    expect((await world.mail.get(world.person(OPERATOR, 907))).settings).toBeNull()
  })
})

/** The lead of an event, as it is stored, in a channel. */
async function place(event: NewEvent, channelId: number): Promise<void> {
  const { leadId } = event.payload as { leadId: string }
  const contact = { fullName: 'A', email: null, phoneNumber: null, companyName: 'A', companySize: null }
  const remote = {
    ...{ id: leadId, tenantId: randomUUID(), tenantOrigin: null, operatorId: randomUUID(), status: 'Active' },
    ...{ isDirectLead: false, consentedOn: '2026-01-02T03:04:05Z', lastModifiedOn: '2026-01-02T03:04:05Z' },
    ...{ consentedCountries: ['DE'], contactDetails: contact, contacts: [contact], extras: {} },
  }
  await world.transact(jobPrincipal('test', OPERATOR, 'r'), async (tx) => {
    const hash = randomBytes(20).toString('hex')
    await leadIntake.apply(tx, [{ remote, hash }], { baseline: true, source: 'test' })
    await setLocalFacts(tx, leadId, 'lead.seeded', { channelId })
  })
}
