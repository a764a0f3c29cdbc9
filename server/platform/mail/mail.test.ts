import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { MAILBOX_PASSWORD, MAILBOX_USER, Mailbox } from '../../../sim/mailbox.ts'
import { createAddressGuard } from '../outbound/index.ts'
import {
  buildMail,
  createSmtpConnector,
  headerText,
  headerTextProblem,
  mailAddressProblem,
  SmtpError,
  type SmtpSettings,
} from './index.ts'

// A mail server in this process: the sandbox's, which shares no code with the sender.

const mailbox = new Mailbox('127.0.0.1')
const port = 20_000 + (process.pid % 20_000)
const guard = createAddressGuard({
  allowedRanges: [],
  ownReceivers: [{ address: '127.0.0.1', port }],
  protocol: 'smtp',
})
const connector = createSmtpConnector({ guard, ownName: 'leadline.example' })
const settings: SmtpSettings = { host: '127.0.0.1', port, tls: 'none', user: MAILBOX_USER, password: MAILBOX_PASSWORD }
const signal = AbortSignal.timeout(60_000)

beforeAll(() => mailbox.listen(port))
afterEach(async () => {
  await mailbox.behave('normal')
  mailbox.clear()
})
afterAll(() => mailbox.close())

const build = (subject = 'Grüße', text = 'Hello') =>
  buildMail({
    from: { name: 'Northwind Voice', address: 'noreply@northwind.example' },
    to: { name: 'Megan Bowen\r\nBcc: evil@example.com', address: 'megan@contoso.example' },
    subject,
    text,
    html: `<p>${text}</p>`,
    messageId: '<one@northwind.example>',
    date: new Date('2026-11-22T08:00:00Z'),
    isAutomatic: true,
  })

async function send(wanted: Partial<SmtpSettings> = {}, subject?: string) {
  const session = await connector.open({ ...settings, ...wanted }, signal)
  try {
    return await session.send({
      from: 'noreply@northwind.example',
      to: 'megan@contoso.example',
      raw: await build(subject),
    })
  } finally {
    session.close()
  }
}

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason) => reason,
  )
  if (!(error instanceof SmtpError)) throw error ?? new Error('it went through')
  return error
}

describe('a mail', () => {
  test('arrives with both of its texts, and tells what the server said at each stage', async () => {
    const { steps } = await send()
    expect(steps.map(({ stage }) => stage)).toEqual(['connect', 'sign-in', 'sender', 'recipient', 'data'])
    expect(steps.map(({ said }) => said.slice(0, 3))).toEqual(['250', '235', '250', '250', '250'])
    expect(JSON.stringify(steps)).not.toContain(MAILBOX_PASSWORD)
    const [mail] = mailbox.list(1, undefined)
    expect(mail).toMatchObject({ subject: 'Grüße', signedInAs: 'sandbox', messageId: '<one@northwind.example>' })
    expect(mail?.text.trim()).toBe('Hello')
    expect(mail?.html.trim()).toBe('<p>Hello</p>')
    // And as another reader of MIME takes it.
    const parsed = await PostalMime.parse(mail?.raw ?? '')
    expect([parsed.subject, parsed.html?.trim(), parsed.from?.name]).toEqual([
      'Grüße',
      '<p>Hello</p>',
      'Northwind Voice',
    ])
  })

  test('takes no header in by a line break in a name or a subject', async () => {
    await send({}, 'Hello\r\nBcc: evil@example.com\n\nbody')
    const [mail] = mailbox.list(1, undefined)
    expect(mail?.headers.map(({ name }) => name)).not.toContain('bcc')
    expect(mail?.envelope.to).toEqual(['megan@contoso.example'])
    expect(mail?.subject).toBe('Hello Bcc: evil@example.com body')
  })
})

describe('a server that', () => {
  test.each([
    ['down', 'connect', null, 'Nobody listens'],
    ['refusing', 'connect', 554, 'No SMTP service here'],
    ['sign-in-refused', 'sign-in', 535, 'credentials invalid'],
    ['greylisting', 'recipient', 451, 'Greylisted'],
    ['bouncing', 'recipient', 550, 'no such mailbox'],
    ['bouncing-late', 'data', 552, 'rejected as spam'],
  ] as const)('is %s is told at the stage %s', async (behaviour, stage, code, words) => {
    await mailbox.behave(behaviour)
    const { failure } = await failureOf(send())
    expect(failure).toMatchObject({ stage, code })
    expect(failure.said).toContain(words)
  })

  test('bounces one mail takes the next on the same connection', async () => {
    await mailbox.behave('greylisting')
    const session = await connector.open(settings, signal)
    const mail = { from: 'noreply@northwind.example', to: 'megan@contoso.example', raw: await build() }
    await failureOf(session.send(mail))
    await session.send(mail)
    session.close()
    expect(mailbox.received).toBe(1)
  })

  test('has a certificate that nobody trusts gets neither password nor mail', async () => {
    const { failure } = await failureOf(send({ tls: 'starttls' }))
    expect(failure.stage).toBe('tls')
    expect(failure.said).toMatch(/certificate/i)
    expect((await failureOf(send({ tls: 'tls' }))).failure.stage).toBe('tls')
    expect(mailbox.received).toBe(0)
  })
})

test.each(['127.0.0.2', '10.1.2.3', '169.254.169.254', '::1', '::ffff:10.0.0.1'])(
  'nothing goes to %s',
  async (host) => {
    const { failure } = await failureOf(connector.open({ ...settings, host, port: 25 }, signal))
    expect(failure).toMatchObject({ stage: 'connect', code: null })
    expect(failure.said).toMatch(/not a public address/)
  },
)

test('a name is judged by what it resolves to, and other ports are not spoken to', async () => {
  const rebinding = createSmtpConnector({ guard, ownName: 'x.example', resolve: async () => ['8.8.8.8', '10.0.0.1'] })
  const { failure } = await failureOf(rebinding.open({ ...settings, host: 'mail.example', port: 587 }, signal))
  expect(failure.said).toMatch(/mail\.example resolves to 10\.0\.0\.1/)
  const { failure: database } = await failureOf(connector.open({ ...settings, host: '8.8.8.8', port: 22 }, signal))
  expect(database.said).toMatch(/another service than SMTP/)
})

describe('addresses', () => {
  test.each(['megan@contoso.example', 'a.b+c@sub.contoso.example', "o'neil@contoso.example", 'jörg@müller.example'])(
    '%s is one',
    (address) => expect(mailAddressProblem(address)).toBeNull(),
  )
  test.each([
    ...['', 'megan', '@contoso.example', 'megan@', 'megan@contoso', 'a@b@c.example', 'megan@127.0.0.1', '.a@b.example'],
    ...['megan@contoso.example\r\nBcc: x@y.example', 'Megan <megan@contoso.example>', 'a@b.example,c@d.example'],
    ...[
      'megan @contoso.example',
      `${'a'.repeat(65)}@b.example`,
      `a@${'b'.repeat(64)}.example`,
      'a@b..example',
      'a\u2028@b.example',
    ],
  ])('%j is none', (address) => expect(mailAddressProblem(address)).toMatch(/\w/))

  test('no line break gets into a header', () => {
    expect(headerTextProblem('a\nb')).not.toBeNull()
    expect(headerTextProblem('Grüße 😀')).toBeNull()
    expect(headerText(' a\r\n\tb\u0000c ')).toBe('a b c')
  })
})
