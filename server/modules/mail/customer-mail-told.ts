import type { Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import type { SmtpStage } from '../../platform/mail/index.ts'
import { journal } from '../audit/index.ts'
import { leadsById } from '../leads/index.ts'
import type { ClaimedMail } from './mail.ts'
import type { SettledMail } from './mail-queue.store.ts'

export const CUSTOMER_PURPOSE = 'customer'

type MailedTo = { leadId: string; name: string | null; channelId: number | null }
type Written = { mailIds: string[]; to: string[]; subject: string; templateName: string | null }

/** Says in the history of each lead, and to whoever listens, that its customer was written to. */
export async function tellOfMails(tx: Tx, written: { lead: MailedTo; mails: Written }[]): Promise<void> {
  await journal(tx).append(
    written.map(({ lead, mails: { to, subject, templateName } }) => ({
      action: 'lead.mailed',
      object: { type: 'lead', id: lead.leadId, name: lead.name },
      channelId: lead.channelId,
      after: { to, subject, template: templateName },
    })),
  )
  await emit(
    tx,
    written.map(({ lead: { leadId, channelId }, mails: { mailIds, subject } }) => ({
      name: 'lead.mailed' as const,
      ...{ channelId, key: `lead/${leadId}`, payload: { leadId, mailIds, subject } },
    })),
  )
}

/** What a mail server said of one mail and its recipient may be told to whoever sees the lead; the rest is the operator's. */
export function isOfMail(stage: SmtpStage | null): boolean {
  return stage === 'recipient' || stage === 'data'
}

/** The end of a mail to a customer that did not arrive; of others nothing. In the operator's own name. */
export async function tellOfFailure(tx: Tx, mail: ClaimedMail, { state, stage, said }: SettledMail): Promise<void> {
  const isOver = state === 'bounced' || state === 'given-up'
  if (!isOver || mail.purpose !== CUSTOMER_PURPOSE || mail.leadId === null) return
  const [lead] = await leadsById(tx, [mail.leadId])
  if (!lead) return
  const { leadId, channelId, remote } = lead
  const words = isOfMail(stage) ? said : null
  const { subject, recipientAddress, mailId } = mail
  await journal(tx).append({
    action: 'lead.mail-failed',
    object: { type: 'lead', id: leadId, name: remote.contactDetails.companyName },
    ...{ channelId, result: 'failed', after: { to: [recipientAddress], subject, state, said: words } },
  })
  await emit(tx, {
    name: 'lead.mail-failed',
    ...{ channelId, key: `lead/${leadId}` },
    payload: { leadId, mailId, recipient: recipientAddress, subject, state, said: words },
  })
}
