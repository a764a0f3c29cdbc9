import type { EndpointInput } from '../../../contract/endpoint.ts'
import type { previewLeadMail, sendLeadMail, WireLeadMailPreview } from '../../../contract/lead-mails.ts'
import type { WireCustomerMailSettings } from '../../../contract/mail-templates.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { mailAddressProblem } from '../../platform/mail/index.ts'
import { journal } from '../audit/index.ts'
import { leadsById } from '../leads/index.ts'
import { operatorStore } from '../operators/index.ts'
import type { MailedLead } from './customer-mail.rules.ts'
import { customerMailCount } from './customer-mail-count.store.ts'
import { demandReadiness, frameOf, type MailFrame } from './customer-mail-frame.ts'
import {
  channelsByNeed,
  contactsWithProblems,
  demandValues,
  goodRecipients,
  mailedLead,
  missingOf,
  readRecipients,
  renderAll,
  tagOf,
  writeMails,
} from './customer-mail-writer.ts'
import { noSettings } from './mail.service.ts'
import type { StoredLeadMail } from './mail.ts'
import { mailQueueStore } from './mail-queue.store.ts'
import { mailSettingsStore } from './mail-settings.store.ts'

type PreviewAsked = EndpointInput<typeof previewLeadMail>['body']
type SendAsked = EndpointInput<typeof sendLeadMail>['body']

/** Mails with what is needed to tell who wrote them. */
export type SeenLeadMails = { mails: StoredLeadMail[]; operatorName: string; channelId: number | null }

const LISTED_MAX = 200
/** Of a mail that is written already. */
const NO_TEXT = { subject: '.', body: '.' }

export type CustomerMailService = ReturnType<typeof createCustomerMailService>

/** Mail to customers from their leads: shown first, then written into the queue and told in the history. Source: issue 6, 4. */
export function createCustomerMailService({ transact, clock }: { transact: Transact; clock: Clock }) {
  return {
    async preview(principal: OperatorPrincipal, leadId: string, asked: PreviewAsked): Promise<WireLeadMailPreview> {
      const lead = await transact(principal, (tx) => oneLead(tx, leadId))
      const frame = await frameOf(transact, principal, asked, clock.now())
      return transact(principal, async (tx) => {
        const mails = await mailsFor(tx, lead, frame, asked)
        const { readiness, from, replyTo, leftToday } = frame
        return {
          ...{ readiness, from, replyTo, leftToday },
          contacts: contactsWithProblems(lead),
          mails: mails.map(({ recipient, subject, text, html }) => ({ recipient, subject, text, html })),
          missing: missingOf(mails),
          tag: tagOf(mails, frame),
        }
      })
    },

    async send(principal: OperatorPrincipal, leadId: string, asked: SendAsked): Promise<SeenLeadMails> {
      const now = clock.now()
      // Whose lead it is comes first: of another's one learns nothing, not even that one may not write.
      await transact(principal, (tx) => oneLead(tx, leadId))
      const frame = await frameOf(transact, principal, asked, now)
      demandReadiness(frame.readiness)
      return transact(principal, async (tx) => {
        const lead = await oneLead(tx, leadId, { stay: true })
        const mails = await mailsFor(tx, lead, frame, asked)
        demandValues(mails)
        if (asked.previewTag !== undefined && asked.previewTag !== tagOf(mails, frame)) throw outdated()
        if (!(await customerMailCount(tx).take(mails.length, frame.limits, now)))
          throw await limitReached(tx, frame, now)
        const { replyTo, templateName, from } = frame
        const envelope = { senderAddress: from?.address ?? '', replyTo, templateName }
        const ids = await writeMails(tx, [{ lead, mails }], envelope, now)
        const written = new Map(
          (await mailQueueStore(tx).ofLead(lead.leadId, LISTED_MAX)).map((one) => [one.mailId, one]),
        )
        return { ...(await seen(tx)), mails: ids.flatMap((id) => written.get(id) ?? []) }
      })
    },

    list: (principal: OperatorPrincipal, leadId: string): Promise<SeenLeadMails> =>
      transact(principal, async (tx) => {
        const lead = await oneLead(tx, leadId)
        return { ...(await seen(tx)), mails: await mailQueueStore(tx).ofLead(lead.leadId, LISTED_MAX) }
      }),

    async retry(principal: OperatorPrincipal, leadId: string, mailId: string): Promise<SeenLeadMails> {
      await transact(principal, async (tx) => {
        if (!(await mailQueueStore(tx).lockOfLead(leadId.toLowerCase(), mailId.toLowerCase())))
          throw notFound('The mail')
      })
      const { readiness } = await frameOf(transact, principal, NO_TEXT, clock.now())
      demandReadiness(readiness)
      return transact(principal, async (tx) => {
        const store = mailQueueStore(tx)
        const mail = await store.lockOfLead(leadId.toLowerCase(), mailId.toLowerCase())
        const [lead] = mail ? await leadsById(tx, [leadId]) : []
        if (!mail || !lead) throw notFound('The mail')
        if (mail.state === 'sent') {
          throw new AppError({ code: 'mail-sent', status: 409, detail: 'The mail was sent: it cannot be sent again.' })
        }
        await store.revive(mail.mailId, clock.now())
        await journal(tx).append({
          action: 'lead.mail-retried',
          object: { type: 'lead', id: lead.leadId, name: lead.remote.contactDetails.companyName },
          channelId: lead.channelId,
          after: { to: [mail.recipientAddress], subject: mail.subject },
        })
        const now = await store.lockOfLead(lead.leadId, mail.mailId)
        return { ...(await seen(tx)), mails: now ? [now] : [] }
      })
    },

    settings: (principal: OperatorPrincipal) => transact(principal, seeSettings),

    async setSettings(principal: OperatorPrincipal, asked: WireCustomerMailSettings) {
      const replyTo = asked.replyTo?.trim() || null
      const detail = replyTo === null ? null : mailAddressProblem(replyTo)
      if (detail !== null) throw badRequest([{ pointer: '/body/replyTo', detail }])
      return transact(principal, async (tx) => {
        const store = mailSettingsStore(tx)
        await store.lock(tx.operatorId)
        const before = await store.ofCustomers(tx.operatorId)
        if (!before) throw noSettings()
        const after = { ...asked, replyTo }
        await store.saveOfCustomers(tx.operatorId, after)
        const object = { type: 'mail-settings', id: String(tx.operatorId), name: null }
        await journal(tx).append({ action: 'mail.customer-settings-changed', object, before, after })
        return seeSettings(tx)
      })
    },
  }

  async function seeSettings(tx: Tx) {
    const unset = { replyTo: null, channelsMaySend: false, perMinute: 60, perDay: 1_000 }
    const settings = (await mailSettingsStore(tx).ofCustomers(tx.operatorId)) ?? unset
    return { ...settings, usedToday: await customerMailCount(tx).today(clock.now()) }
  }
}

async function oneLead(tx: Tx, leadId: string, how?: { stay: boolean }): Promise<MailedLead> {
  const [lead] = await leadsById(tx, [leadId], how)
  if (!lead) throw notFound('The lead')
  return mailedLead(lead)
}

async function mailsFor(tx: Tx, lead: MailedLead, frame: MailFrame, asked: PreviewAsked) {
  const recipients = asked.recipients ? readRecipients(asked.recipients, lead) : goodRecipients(lead)
  const channel = await channelsByNeed(tx)(lead.channelId)
  return renderAll(lead, recipients, { text: frame.text, given: asked.values ?? {}, frame, channel })
}

async function seen(tx: Tx): Promise<Omit<SeenLeadMails, 'mails'>> {
  const operatorName = (await operatorStore(tx).find(tx.operatorId))?.name ?? ''
  return { operatorName, channelId: tx.principal.channelId }
}

function outdated(): AppError {
  const detail =
    'What would be sent is not what you have seen: the lead, the template or the settings have changed. Look again.'
  return new AppError({ code: 'mail-preview-outdated', status: 409, detail })
}

/** Says which limit it is, and when there is room again. */
async function limitReached(tx: Tx, { limits }: MailFrame, now: Date): Promise<AppError> {
  const refuse = (detail: string, retryAfterSeconds: number) =>
    new AppError({ code: 'mail-limit', status: 429, detail, retryAfterSeconds })
  const today = await customerMailCount(tx).today(now)
  const { perMinute, perDay } = limits
  if (perMinute !== null && perMinute - (await customerMailCount(tx).inMinute(now)) < perDay - today) {
    const detail = `At most ${perMinute} mails to customers may be written in one minute: write to fewer, or wait a moment. The limit is in the mail settings.`
    return refuse(detail, 60 - now.getUTCSeconds())
  }
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)
  const detail = `${today} of ${perDay} mails to customers were written today, so not all of these can be. The limit is in the mail settings, and it is a new day at 00:00 UTC.`
  return refuse(detail, Math.ceil((midnight - now.getTime()) / 1_000))
}
