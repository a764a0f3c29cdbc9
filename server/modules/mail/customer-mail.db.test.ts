import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import type { TaskItem } from '../../platform/tasks/index.ts'
import { leadIntake, moveLeads, setLocalFacts } from '../leads/index.ts'
import { viewLeadMails } from './customer-mail.view.ts'
import { mailCustomersTask, prepareMailing, trimMailsJob } from './index.ts'
import { OPERATOR, startMailWorld } from './mail-world.fixture.ts'

// Mail to customers with a real database, a clock of the test and a server of the test.

let world: Awaited<ReturnType<typeof startMailWorld>>
beforeEach(async () => {
  world = await startMailWorld()
})
afterEach(() => world.close())

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const text = { subject: 'For {{companyName}}', body: 'Hello {{contactName}}' }
const megan = { address: 'megan@contoso.example' }

type Contact = { fullName: string | null; email: string | null }

async function addLead(
  companyName: string | null,
  contacts: Contact[] = [{ fullName: 'Megan Bowen', email: 'megan@contoso.example' }],
  channelId: number | null = null,
): Promise<string> {
  const leadId = randomUUID()
  const all = contacts.map((contact) => ({ ...contact, phoneNumber: null, companyName, companySize: 'L25_U49' }))
  const remote = {
    ...{ id: leadId, tenantId: randomUUID(), tenantOrigin: null, operatorId: randomUUID(), status: 'Active' },
    ...{ isDirectLead: false, consentedOn: '2026-01-02T03:04:05Z', lastModifiedOn: '2026-01-02T03:04:05Z' },
    ...{ consentedCountries: ['DE'], contacts: all, extras: {} },
    contactDetails: all[0] ?? { fullName: null, email: null, phoneNumber: null, companyName, companySize: null },
  }
  await world.transact(jobPrincipal('test', OPERATOR, 'r'), async (tx) => {
    const hash = randomBytes(20).toString('hex')
    await leadIntake.apply(tx, [{ remote, hash }], { baseline: true, source: 'test' })
    if (channelId !== null) await setLocalFacts(tx, leadId, 'lead.seeded', { channelId })
  })
  return leadId
}

const settings = { replyTo: null as string | null, channelsMaySend: true, perMinute: 60, perDay: 1_000 }
const allow = (change: Partial<typeof settings> = {}) =>
  world.customerMail.setSettings(world.person(), { ...settings, ...change })

/** Somebody with a mail address of his own. */
async function somebody(email: string, channelId: number | null = null): Promise<OperatorPrincipal> {
  const tier = channelId === null ? 'operator' : 'channel'
  return { ...world.person(OPERATOR, channelId), id: await world.addPerson(email, tier, 'operator', channelId) }
}

const journalOf = async (leadId: string) =>
  (
    await world.db.asOwner.query(
      `select action, actor_name, channel_id, result, after from journal_entry where object_id = $1 and action like 'lead.mail%' order by entry_id`,
      [leadId],
    )
  ).rows.map(({ after, ...entry }) => ({ ...entry, after: JSON.parse(after) }))

describe('a mail to a customer', () => {
  test('is shown, written to each recipient for himself, sent as it was shown, and told in the history', async () => {
    await world.set()
    const leadId = await addLead('Contoso Ltd', [
      { fullName: 'Megan Bowen', email: 'megan@contoso.example' },
      { fullName: 'Alex', email: 'alex@contoso.example\r\nBcc: x@y.example' },
      { fullName: 'Ann', email: 'ann@contoso.example' },
    ])
    const dana = await somebody('dana@northwind.example')
    const preview = await world.customerMail.preview(dana, leadId, { templateId: 'request-received' })
    expect(preview).toMatchObject({
      readiness: { allowed: true, reason: null },
      from: { name: 'Northwind Voice', address: 'leads@northwind.example' },
      ...{ replyTo: 'dana@northwind.example', missing: [], leftToday: 1_000 },
    })
    expect(preview.contacts.map(({ problem }) => problem)).toEqual([null, expect.stringContaining('line break'), null])
    expect(preview.mails.map(({ recipient }) => recipient.name)).toEqual(['Megan Bowen', 'Ann'])
    const recipients = [...preview.mails.map(({ recipient }) => recipient), { address: 'MEGAN@contoso.example' }]
    const sent = await world.customerMail.send(dana, leadId, {
      ...{ templateId: 'request-received', recipients, previewTag: preview.tag },
    })
    expect(sent.mails).toMatchObject([{ state: 'waiting', recipientName: 'Megan Bowen' }, { recipientName: 'Ann' }])
    await world.makeEngine().drain()
    expect(world.state.arrived.map(({ to }) => to).sort()).toEqual(['ann@contoso.example', 'megan@contoso.example'])
    const { raw } = world.state.arrived[0] ?? { raw: '' }
    expect(raw).toMatch(/^Reply-To: dana@northwind\.example$/m)
    expect(raw).toMatch(/^Content-Type: multipart\/alternative/m)
    expect(raw).not.toMatch(/Auto-Submitted|^Cc:|^Bcc:/im)
    const { mails } = await world.customerMail.list(dana, leadId)
    expect(mails.map(({ state }) => state)).toEqual(['sent', 'sent'])
    expect(new Set(mails.map((mail) => mail.text))).toEqual(new Set(preview.mails.map((mail) => mail.text)))
    expect(await journalOf(leadId)).toEqual([
      {
        ...{ action: 'lead.mailed', actor_name: 'Dana Wills', channel_id: null, result: 'ok' },
        after: {
          to: ['megan@contoso.example', 'ann@contoso.example'],
          subject: 'Northwind Voice: we have received your request',
          template: 'We received your request',
        },
      },
    ])
  })

  test('is refused with a hole in it, and goes when somebody fills it; what is known stays', async () => {
    await world.set()
    const leadId = await addLead('Contoso Ltd', [])
    const asked = { ...text, body: '{{contactName}} {{channelName}}', recipients: [megan] }
    const preview = await world.customerMail.preview(world.person(), leadId, asked)
    expect(preview.missing.map(({ name, recipients }) => [name, recipients])).toEqual([
      ['contactName', ['megan@contoso.example']],
      ['channelName', ['megan@contoso.example']],
    ])
    await expect(world.customerMail.send(world.person(), leadId, asked)).rejects.toMatchObject({
      ...{ code: 'mail-value-missing', status: 422 },
      errors: [{ pointer: '/body/values/contactName' }, { pointer: '/body/values/channelName' }],
    })
    const values = { contactName: 'Megan', channelName: 'Riverside', companyName: 'Not this' }
    const { mails } = await world.customerMail.send(world.person(), leadId, { ...asked, values })
    expect(mails).toMatchObject([{ subject: 'For Contoso Ltd', text: 'Megan Riverside\n', templateName: null }])
  })

  test.each([
    [{ recipients: [{ address: 'megan@contoso.example\r\nBcc: x@y.example' }] }, '/body/recipients/0/address'],
    [{ recipients: [megan, { address: 'Megan <megan@contoso.example>' }] }, '/body/recipients/1/address'],
    [{ subject: 'Hello {{compnyName}}' }, '/body/subject'],
    [{ subject: 'Hello\r\nBcc: x@y.example' }, '/body/subject'],
    [{ body: 'Hello {{compnyName}}' }, '/body/body'],
    [{ language: 'klingon' }, '/body/language'],
    [{ templateId: randomUUID() }, '/body/templateId'],
  ])('with %j is refused at its place', async (change, pointer) => {
    await world.set()
    const leadId = await addLead('Contoso Ltd')
    const asked = { ...text, recipients: [megan], ...change }
    await expect(world.customerMail.send(world.person(), leadId, asked)).rejects.toMatchObject({
      errors: [{ pointer }],
    })
    expect(await world.rows()).toEqual([])
  })

  test('is not sent when it is another than was shown', async () => {
    await world.set()
    const leadId = await addLead('Contoso Ltd')
    const asked = { ...text, recipients: [megan] }
    const { tag: previewTag } = await world.customerMail.preview(world.person(), leadId, asked)
    await world.mail.set(world.person(), {
      ...{ enabled: true, host: '127.0.0.1', port: 2525, tls: 'none', userName: 'u', password: 'hunter-secret' },
      ...{ senderName: 'Somebody else', senderAddress: 'leads@northwind.example' },
    })
    const send = (tag: string) => world.customerMail.send(world.person(), leadId, { ...asked, previewTag: tag })
    await expect(send(previewTag)).rejects.toMatchObject({ code: 'mail-preview-outdated', status: 409 })
    const { tag } = await world.customerMail.preview(world.person(), leadId, asked)
    expect((await send(tag)).mails).toHaveLength(1)
  })

  test('that bounces says so in the words of the server, in the history too, and can be sent again', async () => {
    await world.set()
    const leadId = await addLead('Contoso Ltd')
    await world.customerMail.send(world.person(), leadId, { ...text, recipients: [megan] })
    const engine = world.makeEngine()
    world.state.behave = () => ({ stage: 'recipient', code: 451, said: '451 4.7.1 Greylisted' })
    await engine.drain()
    const seen = async () => viewLeadMails(await world.customerMail.list(world.person(), leadId))
    expect(await seen()).toMatchObject([{ state: 'waiting', said: '451 4.7.1 Greylisted', attempts: 1 }])
    world.state.behave = () => ({ stage: 'recipient', code: 550, said: '550 5.1.1 no such mailbox here' })
    world.clock.advance(2 * MINUTE)
    await engine.drain()
    const [mail] = await seen()
    expect(mail).toMatchObject({ state: 'bounced', said: '550 5.1.1 no such mailbox here' })
    expect((await journalOf(leadId)).slice(1)).toMatchObject([
      {
        action: 'lead.mail-failed',
        result: 'failed',
        after: { said: '550 5.1.1 no such mailbox here', state: 'bounced' },
      },
    ])
    const told = await world.db.asOwner.query(`select payload from outbox_event where name = 'lead.mail-failed'`)
    expect(told.rows).toHaveLength(1)
    world.state.behave = () => null
    await world.customerMail.retry(world.person(), leadId, mail?.id ?? '')
    await engine.drain()
    expect(await seen()).toMatchObject([{ state: 'sent' }])
    await expect(world.customerMail.retry(world.person(), leadId, mail?.id ?? '')).rejects.toMatchObject({
      code: 'mail-sent',
    })
  })

  test('is kept for a year, mail to people for a month', async () => {
    await world.set()
    const leadId = await addLead('Contoso Ltd')
    await world.customerMail.send(world.person(), leadId, { ...text, recipients: [megan] })
    await world.db.asOwner.query(`insert into mail (operator_id, mail_id, purpose, recipient_name, recipient_address, subject,
      text_body, html_body, message_id, state, due_at, created_at, created_by, finished_at)
      values (868, gen_random_uuid(), 'notice', '', 'nora@northwind.example', 'Notice', '', '', '', 'sent', now(), now(), '', now())`)
    await world.makeEngine().drain()
    const left: string[][] = []
    for (const days of [0, 31, 330, 5]) {
      world.clock.advance(days * DAY)
      const run = { signal: new AbortController().signal, progress: () => {} }
      const inOperator = (work: never) => world.transact(jobPrincipal('trim', OPERATOR, 'r'), work)
      await trimMailsJob(world.clock).run({ ...run, transact: inOperator } as never)
      left.push((await world.rows()).map(({ subject }) => subject).sort())
    }
    expect(left).toEqual([['For Contoso Ltd', 'Notice'], ['For Contoso Ltd'], ['For Contoso Ltd'], []])
  })

  test('waits out a server that is down, and the preview says why', async () => {
    await world.set()
    const leadId = await addLead('Contoso Ltd')
    const send = () => world.customerMail.send(world.person(), leadId, { ...text, recipients: [megan] })
    await send()
    world.state.isDown = true
    await world.makeEngine().drain()
    const { readiness } = await world.customerMail.preview(world.person(), leadId, text)
    expect(readiness).toMatchObject({ allowed: true, reason: expect.stringContaining('Nobody listens.') })
    await send()
    world.state.isDown = false
    world.clock.advance(2 * MINUTE)
    await world.makeEngine().drain()
    expect(world.state.arrived).toHaveLength(2)
  })

  test('is refused where mail is not set or off, in the words of the preview', async () => {
    const leadId = await addLead('Contoso Ltd')
    const send = () => world.customerMail.send(world.person(), leadId, { ...text, recipients: [megan] })
    const reasons: (string | null)[] = []
    const look = async () => {
      const { readiness } = await world.customerMail.preview(world.person(), leadId, text)
      reasons.push(readiness.code)
      await expect(send()).rejects.toMatchObject({ code: readiness.code, message: readiness.reason })
    }
    await look()
    await world.set()
    await world.db.asOwner.query('update mail_settings set enabled = false')
    await look()
    expect(reasons).toEqual(['mail-not-set', 'mail-off'])
    await expect(allow({ replyTo: 'a@b.example\nBcc: c@d.example' })).rejects.toMatchObject({
      errors: [{ pointer: '/body/replyTo' }],
    })
  })
})

describe('the limits', () => {
  test('of a minute and of a day hold for all that an operator and its channels write, and pass', async () => {
    await world.set()
    await allow({ perMinute: 2, perDay: 5 })
    const leadId = await addLead('Contoso Ltd', undefined, 907)
    // The middle of a minute of the middle of a day.
    world.clock.advance(DAY - (world.clock.now().getTime() % DAY) + DAY / 2 + MINUTE / 2)
    const send = (person = world.person(), count = 1) => {
      const recipients = Array.from({ length: count }, (_, n) => ({ address: `m${n}@contoso.example`, name: 'M' }))
      return world.customerMail.send(person, leadId, { ...text, recipients })
    }
    await expect(send(world.person(), 3)).rejects.toMatchObject({ code: 'mail-limit', status: 429 })
    await send()
    await send(world.person(OPERATOR, 907))
    await expect(send()).rejects.toMatchObject({ code: 'mail-limit', retryAfterSeconds: 30 })
    world.clock.advance(MINUTE)
    await send(world.person(), 2)
    world.clock.advance(MINUTE)
    const refused = send(world.person(), 2)
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('4 of 5') })
    await expect(refused).rejects.toMatchObject({ retryAfterSeconds: DAY / 2_000 - 150 })
    await send()
    expect((await world.customerMail.preview(world.person(), leadId, text)).leftToday).toBe(0)
    expect((await world.customerMail.settings(world.person())).usedToday).toBe(5)
    world.clock.advance(DAY)
    await send()
    expect(await world.rows()).toHaveLength(6)
  })

  test('hold when many ask at once', async () => {
    await world.set()
    await allow({ perMinute: 3 })
    const leadId = await addLead('Contoso Ltd')
    world.clock.advance(MINUTE - (world.clock.now().getTime() % MINUTE))
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        world.customerMail.send(world.person(), leadId, { ...text, recipients: [megan] }),
      ),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(await world.rows()).toHaveLength(3)
  })
})

describe('channels', () => {
  test('write to the customers of their own leads where the operator lets them, and see no others', async () => {
    await world.set()
    const rosa = { ...(await somebody('rosa@riverside.example', 907)), name: 'Rosa' }
    const lars = { ...world.person(OPERATOR, 908), name: 'Lars' }
    const leadId = await addLead('Contoso Ltd', undefined, 907)
    const other = await addLead('Elsewhere', undefined, 908)
    const asked = { ...text, recipients: [megan] }
    await expect(world.customerMail.send(rosa, leadId, asked)).rejects.toMatchObject({
      code: 'mail-not-for-channels',
      status: 403,
    })
    await allow()
    for (const one of [other, randomUUID()]) {
      await expect(world.customerMail.send(rosa, one, asked)).rejects.toMatchObject({ code: 'not-found' })
      await expect(world.customerMail.preview(rosa, one, asked)).rejects.toMatchObject({ code: 'not-found' })
      await expect(world.customerMail.list(rosa, one)).rejects.toMatchObject({ code: 'not-found' })
    }
    const { mails } = await world.customerMail.send(rosa, leadId, {
      ...{
        templateId: 'channel-introduction',
        recipients: [megan],
        values: { channelEmail: 'desk@riverside.example' },
      },
    })
    expect(mails[0]).toMatchObject({ subject: 'Riverside looks after you from now on' })
    await world.customerMail.send(world.person(), leadId, asked)
    const seenBy = async (who: OperatorPrincipal) =>
      viewLeadMails(await world.customerMail.list(who, leadId))
        .map(({ author }) => author)
        .sort()
    expect(await seenBy(rosa)).toEqual(['Northwind Voice', 'Rosa'])
    expect(await seenBy(world.person())).toEqual(['Dana Wills', 'Rosa'])
    expect(await journalOf(leadId)).toMatchObject([{ channel_id: 907 }, { channel_id: 907 }])
    // What the server says of itself is the operator's.
    world.state.isDown = true
    await world.makeEngine().drain()
    const said = async (who: OperatorPrincipal) => viewLeadMails(await world.customerMail.list(who, leadId))[0]?.said
    expect(await said(world.person())).toBe('Nobody listens.')
    expect(await said(rosa)).toBe('The mail server of the carrier could not be used.')
    // They go along, and whoever had the lead sees nothing of it any more.
    await world.transact(jobPrincipal('test', OPERATOR, 'r'), (tx) => moveLeads(tx, [leadId], 908))
    await expect(world.customerMail.list(rosa, leadId)).rejects.toMatchObject({ code: 'not-found' })
    const retry = () => world.customerMail.retry(rosa, leadId, mails[0]?.mailId ?? '')
    await expect(retry()).rejects.toMatchObject({ code: 'not-found' })
    expect(await seenBy(lars)).toEqual(['Another channel', 'Northwind Voice'])
    const rowsOf = (who: OperatorPrincipal) =>
      world.transact(who, async (tx) => (await import('./mail-queue.store.ts')).mailQueueStore(tx).ofLead(leadId, 10))
    expect([await rowsOf(rosa), await rowsOf(lars)].map((rows) => rows.length)).toEqual([0, 2])
  })
})

describe('templates', () => {
  const asked = { name: 'Mine', subject: 'S', body: 'B', language: 'en' }
  const names = async (person = world.person()) =>
    (await world.mailTemplates.list(person)).templates.map(({ name }) => name)

  test('are added, renamed, deleted, and those that Leadline brings along restored', async () => {
    const built = await names()
    const mine = await world.mailTemplates.create(world.person(), asked)
    await world.mailTemplates.set(world.person(), mine.id, { ...asked, name: 'Renamed', language: 'DE-at' })
    expect((await world.mailTemplates.list(world.person())).templates.at(-1)).toMatchObject({
      name: 'Renamed',
      language: 'de-AT',
    })
    await world.mailTemplates.set(world.person(), 'call-wanted', { ...asked, name: 'Call' })
    await world.mailTemplates.remove(world.person(), 'request-received')
    expect(await names()).toEqual([...built.slice(1, -1), 'Call', 'Renamed'])
    expect((await world.mailTemplates.list(world.person())).removedBuiltIns.map(({ id }) => id)).toEqual([
      'request-received',
    ])
    await world.mailTemplates.remove(world.person(), mine.id)
    for (const id of ['call-wanted', 'request-received', 'request-received'])
      await world.mailTemplates.restore(world.person(), id)
    expect(await names()).toEqual(built)
    // Another operator's are untouched, a channel reads those of its operator.
    expect(await names(world.person(869))).toEqual(built)
    expect(await names(world.person(OPERATOR, 907))).toEqual(built)
  })

  test('with an unknown variable or a name that is taken are refused', async () => {
    const create = (change: Partial<typeof asked>) =>
      world.mailTemplates.create(world.person(), { ...asked, ...change })
    await expect(create({ body: 'For {{compnyName}}' })).rejects.toMatchObject({
      errors: [{ pointer: '/body/body', detail: '{{compnyName}} is no variable. Did you mean {{companyName}}?' }],
    })
    await expect(create({ name: 'WE received your request' })).rejects.toMatchObject({
      code: 'mail-template-name-taken',
    })
    const { id } = await create({})
    await expect(world.mailTemplates.restore(world.person(), id)).rejects.toMatchObject({ code: 'mail-template-own' })
    await expect(world.mailTemplates.set(world.person(869), id, asked)).rejects.toMatchObject({ code: 'not-found' })
    await expect(world.mailTemplates.set(world.person(), randomUUID(), asked)).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

test('many customers: each lead has a result, none is written to twice', async () => {
  await world.set()
  await allow({ perDay: 2 })
  const good = [await addLead('Contoso Ltd'), await addLead('Fourth Coffee')]
  const nameless = await addLead(null)
  const silent = await addLead('Silent', [{ fullName: 'X', email: 'nobody at all' }])
  const late = await addLead('Too late')
  const elsewhere = randomUUID()
  const options = { transact: world.transact, clock: world.clock }
  await expect(prepareMailing(options, world.person(), text, 501)).rejects.toMatchObject({ code: 'too-many-items' })
  const input = await prepareMailing(options, world.person(), text, 6)
  const ids = [...good, nameless, silent, elsewhere, late]
  const items = ids.map(
    (objectId, position): TaskItem => ({ position, objectId, objectName: null, attempt: 1, data: null }),
  )
  const [step] = mailCustomersTask(world.clock).steps
  if (!step || !('batch' in step)) throw new Error('It goes through the leads in batches.')
  const results = await world.transact(world.person(), (tx) => step.batch(tx, items, { input } as never))
  expect(results.map((result) => ('code' in result ? result.code : result.state))).toEqual([
    ...['succeeded', 'succeeded', 'mail-value-missing', 'mail-no-address', 'not-found', 'mail-limit'],
  ])
  expect((await world.rows()).map(({ subject }) => subject).sort()).toEqual(['For Contoso Ltd', 'For Fourth Coffee'])
})
