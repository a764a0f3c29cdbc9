import { ANOTHER_CHANNEL } from '../../../contract/journal.ts'
import type { WireLeadMail } from '../../../contract/lead-mails.ts'
import type { WireMailTemplate } from '../../../contract/mail-templates.ts'
import type { SeenLeadMails } from './customer-mail.service.ts'
import { isOfMail } from './customer-mail-told.ts'
import type { MailTemplate, StoredLeadMail } from './mail.ts'

/** What a channel is told of the carrier's mail server. */
const NOT_USABLE = 'The mail server of the carrier could not be used.'

export function viewLeadMails({ mails, operatorName, channelId }: SeenLeadMails): WireLeadMail[] {
  return mails.map((mail) => ({
    id: mail.mailId,
    templateName: mail.templateName,
    recipientName: mail.recipientName,
    recipientAddress: mail.recipientAddress,
    subject: mail.subject,
    text: mail.text,
    state: mail.state,
    said: saidTo(channelId, mail),
    attempts: mail.attempts,
    dueAt: mail.state === 'waiting' ? mail.dueAt.toISOString() : null,
    createdAt: mail.createdAt.toISOString(),
    finishedAt: mail.finishedAt?.toISOString() ?? null,
    author: authorFor(channelId, mail, operatorName),
  }))
}

/** Who of the carrier has changed it, its channels do not learn. */
export function viewMailTemplate(
  { changedAt, changedBy: by, isBuiltIn, ...template }: MailTemplate,
  channelId: number | null,
): WireMailTemplate {
  const isChanged = isBuiltIn && changedAt !== null
  const changedBy = channelId === null ? by : null
  return { ...template, isBuiltIn, isChanged, changedAt: changedAt?.toISOString() ?? null, changedBy }
}

/** What the server says of itself, its addresses and its users, is the operator's own. */
function saidTo(channelId: number | null, { lastReply, lastStage }: StoredLeadMail): string | null {
  if (lastReply === null || channelId === null || isOfMail(lastStage)) return lastReply
  return NOT_USABLE
}

/** As with comments: a channel reads the names of its own people only. */
function authorFor(channelId: number | null, mail: StoredLeadMail, operatorName: string): string {
  if (channelId === null || mail.authorChannelId === channelId) return mail.createdBy
  return mail.authorChannelId === null ? operatorName : ANOTHER_CHANNEL
}
