import { SMTPServer } from 'smtp-server'
import { type MimeMessage, readMime } from './mime-message.ts'

/** How the mail server behaves: `normal`, or one of the troubles that real ones have. */
export const MAILBOX_BEHAVIOURS = {
  normal: 'takes every mail',
  down: 'nobody listens',
  refusing: 'refuses every connection with 554',
  'sign-in-refused': 'refuses every sign-in with 535',
  greylisting: 'answers 451 to the first attempt of each mail to a recipient, and takes the second',
  bouncing: 'answers 550 to every recipient',
  'bouncing-late': 'takes the recipient, and answers 552 to the message',
  slow: 'takes every mail, three seconds late',
} as const
export type MailboxBehaviour = keyof typeof MAILBOX_BEHAVIOURS

/** A mail as it arrived. */
export interface ReceivedMail extends MimeMessage {
  number: number
  at: string
  envelope: { from: string; to: string[] }
  signedInAs: string | null
  isEncrypted: boolean
  raw: string
}

const KEPT = 500
const SIZE_MAX = 5_000_000
const SLOW_MS = 3_000

/** Name and password that it knows; without a sign-in it takes mails as well. */
export const MAILBOX_USER = 'sandbox'
export const MAILBOX_PASSWORD = 'sandbox-mail-secret'

/** The mail server of the sandbox: keeps what it is sent, and delivers nothing to anybody. */
export class Mailbox {
  behaviour: MailboxBehaviour = 'normal'
  port: number | null = null
  private readonly host: string
  private server: SMTPServer | undefined
  private mails: ReceivedMail[] = []
  private count = 0
  private readonly seen = new Set<string>()

  constructor(host: string) {
    this.host = host
  }

  /** @throws Error with code EADDRINUSE when the port is taken */
  async listen(port: number): Promise<void> {
    const server = this.createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, this.host, () => resolve())
    })
    server.removeAllListeners('error')
    // A sender that hangs up in the middle is his own business.
    server.on('error', () => {})
    this.server = server
    this.port = port
  }

  /** Newest first. */
  list(limit: number, recipient: string | undefined): ReceivedMail[] {
    const wanted = this.mails.filter(({ envelope }) => recipient === undefined || envelope.to.includes(recipient))
    return wanted.slice(-limit).reverse()
  }

  get received(): number {
    return this.count
  }

  clear(): void {
    this.mails = []
    this.count = 0
    this.seen.clear()
  }

  async behave(behaviour: MailboxBehaviour): Promise<void> {
    const wasDown = this.behaviour === 'down'
    this.behaviour = behaviour
    if (this.port === null) return
    if (behaviour === 'down') await this.close()
    else if (wasDown) await this.listen(this.port)
  }

  async close(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  private createServer(): SMTPServer {
    return new SMTPServer({
      name: 'mailbox.sandbox.example',
      banner: 'Leadline sandbox',
      authOptional: true,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      size: SIZE_MAX,
      closeTimeout: 500,
      logger: false,
      onConnect: (_session, done) => {
        if (this.behaviour === 'refusing') done(refusal(554, 'No SMTP service here for you'))
        else done()
      },
      onAuth: (auth, _session, done) => {
        const isRight = auth.username === MAILBOX_USER && auth.password === MAILBOX_PASSWORD
        if (this.behaviour === 'sign-in-refused' || !isRight) {
          return done(refusal(535, '5.7.8 Authentication credentials invalid'))
        }
        done(null, { user: MAILBOX_USER })
      },
      onRcptTo: (address, session, done) => {
        if (this.behaviour === 'bouncing') {
          return done(refusal(550, `5.1.1 <${address.address}>: there is no such mailbox here`))
        }
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
        const key = `${from} ${address.address}`
        if (this.behaviour === 'greylisting' && !this.seen.has(key)) {
          this.seen.add(key)
          return done(refusal(451, '4.7.1 Greylisted, please try again later'))
        }
        this.seen.delete(key)
        done()
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          if (this.behaviour === 'bouncing-late') return done(refusal(552, '5.7.0 The message was rejected as spam'))
          const { envelope, user, secure } = session
          const arrived = {
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map(({ address }) => address),
          }
          const number = this.keep(
            Buffer.concat(chunks),
            arrived,
            typeof user === 'string' ? user : null,
            secure === true,
          )
          setTimeout(() => done(null, `Kept as ${number}`), this.behaviour === 'slow' ? SLOW_MS : 0)
        })
      },
    })
  }

  private keep(
    raw: Buffer,
    envelope: ReceivedMail['envelope'],
    signedInAs: string | null,
    isEncrypted: boolean,
  ): number {
    this.count += 1
    const arrived = { number: this.count, at: new Date().toISOString(), envelope, signedInAs, isEncrypted }
    this.mails.push({ ...arrived, ...readMime(raw), raw: raw.toString('utf8') })
    if (this.mails.length > KEPT) this.mails.shift()
    return this.count
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
