import { createHash } from 'node:crypto'
import { MAIL_RECIPIENTS_MAX } from '../../../contract/lead-mails.ts'
import { templateVariables } from '../../../contract/mail-templates.ts'
import { AppError, badRequest, type FieldError } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { mailAddressProblem } from '../../platform/mail/index.ts'
import { channelStore } from '../channels/index.ts'
import type { LeadById } from '../leads/index.ts'
import {
  contactsOf,
  type MailedLead,
  type MailSurroundings,
  type MailText,
  type Recipient,
  type RenderedMail,
  renderMail,
  type Values,
  valuesOf,
} from './customer-mail.rules.ts'
import type { MailFrame } from './customer-mail-frame.ts'
import { CUSTOMER_PURPOSE, tellOfMails } from './customer-mail-told.ts'
import { mailQueueStore } from './mail-queue.store.ts'

export function mailedLead({ leadId, channelId, remote }: LeadById): MailedLead {
  const { tenantId, isDirectLead, consentedOn, consentedCountries, contactDetails, contacts } = remote
  return {
    ...{ leadId, channelId, tenantId, isDirectLead, consentedOn, countries: consentedCountries },
    companyName: contactDetails.companyName,
    companySize: contactDetails.companySize,
    ...{ contact: contactDetails, contacts: contacts ?? [] },
  }
}

/** The channels of leads, as mails name them; asked for once each. */
export function channelsByNeed(tx: Tx): (channelId: number | null) => Promise<MailSurroundings['channel']> {
  const known = new Map<number, Promise<MailSurroundings['channel']>>()
  return async (channelId) => {
    if (channelId === null) return null
    const found =
      known.get(channelId) ??
      channelStore(tx)
        .find(channelId)
        .then((channel) =>
          channel ? { name: channel.name, email: channel.contacts.email, phone: channel.contacts.phone } : null,
        )
    known.set(channelId, found)
    return found
  }
}

/** What whoever reads the preview or the results needs to know of a lead's contacts. */
export function contactsWithProblems(lead: MailedLead) {
  return contactsOf(lead).map(({ name, address }) => ({
    ...{ name, address },
    problem: address === null ? 'There is no mail address.' : mailAddressProblem(address),
  }))
}

/** Those of its contacts that mail can be sent to, as many as one may write to at once. */
export function goodRecipients(lead: MailedLead): Recipient[] {
  const good = contactsWithProblems(lead).flatMap(({ name, address, problem }) =>
    problem === null && address !== null ? [{ name: name ?? '', address }] : [],
  )
  return good.slice(0, MAIL_RECIPIENTS_MAX)
}

/** As they were asked for, each address once; a name that was left out is looked up. 400 naming those that are wrong. */
export function readRecipients(asked: { address: string; name?: string }[], lead: MailedLead): Recipient[] {
  const errors: FieldError[] = []
  const contacts = contactsOf(lead)
  const read = new Map<string, Recipient>()
  for (const [index, { address: typed, name }] of asked.entries()) {
    // Blanks around it are a slip; a line break is none, and is refused.
    const address = typed.replace(/^ +| +$/g, '')
    const detail = mailAddressProblem(address)
    if (detail !== null) errors.push({ pointer: `/body/recipients/${index}/address`, detail })
    const key = address.toLowerCase()
    const known = contacts.find((one) => one.address?.toLowerCase() === key)?.name
    if (!read.has(key)) read.set(key, { address, name: name?.trim() || known || '' })
  }
  if (errors.length > 0) throw badRequest(errors)
  return [...read.values()]
}

export type Surroundings = Pick<MailFrame, 'operatorName' | 'senderName' | 'senderEmail'>

export function renderAll(
  lead: MailedLead,
  recipients: Recipient[],
  {
    text,
    given,
    frame,
    channel,
  }: { text: MailText; given: Values; frame: Surroundings; channel: MailSurroundings['channel'] },
): RenderedMail[] {
  const { operatorName, senderName, senderEmail } = frame
  const around = { operatorName, senderName, senderEmail, channel }
  return recipients.map((recipient) =>
    renderMail(text, recipient, valuesOf(lead, around, recipient, text.language), given),
  )
}

/** Variables without a value, each with the addresses for which there is none. */
export function missingOf(mails: RenderedMail[]) {
  const names = [...new Set(mails.flatMap(({ missing }) => missing))]
  return names.map((name) => ({
    name,
    meaning: templateVariables[name].meaning,
    recipients: mails.filter(({ missing }) => missing.includes(name)).map(({ recipient }) => recipient.address),
  }))
}

export function missingWords(mails: RenderedMail[]): { pointer: string; detail: string }[] {
  return missingOf(mails).map(({ name, meaning }) => ({
    pointer: `/body/values/${name}`,
    detail: `{{${name}}} has no value for this lead. ${meaning}: give it, or take it out of the text.`,
  }))
}

/** 422: nobody gets a mail with a hole in it. */
export function demandValues(mails: RenderedMail[]): void {
  const errors = missingWords(mails)
  const [first] = errors
  if (!first) return
  throw new AppError({ code: 'mail-value-missing', status: 422, detail: first.detail, errors })
}

/** Of exactly these mails. */
export function tagOf(mails: RenderedMail[], { from, replyTo }: Pick<MailFrame, 'from' | 'replyTo'>): string {
  const each = mails.map(({ recipient, ...mail }) => [
    recipient.name,
    recipient.address,
    mail.subject,
    mail.text,
    mail.html,
  ])
  const all = JSON.stringify([from?.name, from?.address, replyTo, each])
  return createHash('sha256').update(all).digest('base64url').slice(0, 22)
}

export type ReadyMails = { lead: MailedLead; mails: RenderedMail[] }
export type Envelope = { senderAddress: string; replyTo: string | null; templateName: string | null }

/** Puts mails into the queue and tells the history of their leads; their ids in the order of the mails. */
export async function writeMails(tx: Tx, ready: ReadyMails[], envelope: Envelope, now: Date): Promise<string[]> {
  const { senderAddress, replyTo, templateName } = envelope
  const { name: createdBy, channelId: authorChannelId } = tx.principal
  const flat = ready.flatMap(({ lead, mails }) => mails.map((mail) => ({ lead, mail })))
  const ids = await mailQueueStore(tx).insert(
    flat.map(({ lead, mail: { recipient, subject, text, html } }) => ({
      ...{ purpose: CUSTOMER_PURPOSE, personId: null, leadId: lead.leadId, createdBy, authorChannelId },
      ...{ recipientName: recipient.name, recipientAddress: recipient.address, subject, text, html },
      ...{ replyTo, templateName },
    })),
    senderAddress,
    now,
  )
  let from = 0
  await tellOfMails(
    tx,
    ready.map(({ lead, mails }) => {
      const mailIds = ids.slice(from, from + mails.length)
      from += mails.length
      const to = mails.map(({ recipient }) => recipient.address)
      const { leadId, companyName: name, channelId } = lead
      return {
        lead: { leadId, name, channelId },
        mails: { mailIds, to, subject: mails[0]?.subject ?? '', templateName },
      }
    }),
  )
  return ids
}
