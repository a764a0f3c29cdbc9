import type { WireMailLeads } from '../../contract/lead-bulk.ts'
import type { WireLeadMail, WireLeadMailPreview } from '../../contract/lead-mails.ts'
import type { TemplateVariable } from '../../contract/mail-templates.ts'
import { call } from './call.ts'

export type { WireLeadMail, WireLeadMailPreview } from '../../contract/lead-mails.ts'

/** Customers who can be written to in one go. Source: contract/lead-mails.ts. */
export const MAIL_LEADS_MAX = 500

export type MailRecipient = { name?: string; address: string }

/** What is to be said; the name of a template goes into the journal. */
export type MailAsked = {
  templateId?: string
  subject: string
  body: string
  language: string
  values?: Partial<Record<TemplateVariable, string>>
}
export type MailToMany = MailAsked & Pick<WireMailLeads, 'recipients'>

const pathOf = (leadId: string) => `/api/v4/leads/${encodeURIComponent(leadId)}/mails`

/** Recipients left out: every contact with a good address. */
export function previewLeadMail(
  operatorId: number,
  leadId: string,
  body: MailAsked & { recipients?: MailRecipient[] },
  signal: AbortSignal,
): Promise<WireLeadMailPreview> {
  return call('POST', `${pathOf(leadId)}/preview`, { operatorId, body, signal })
}

/** Sent again with the same key it is the same mail, not another one. */
export async function sendLeadMail(
  operatorId: number,
  leadId: string,
  body: MailAsked & { recipients: MailRecipient[]; previewTag: string },
  idempotencyKey: string,
): Promise<WireLeadMail[]> {
  const answer = await call<{ data: WireLeadMail[] }>('POST', pathOf(leadId), { operatorId, body, idempotencyKey })
  return answer.data
}

export async function listLeadMails(operatorId: number, leadId: string, signal: AbortSignal): Promise<WireLeadMail[]> {
  return (await call<{ data: WireLeadMail[] }>('GET', pathOf(leadId), { operatorId, signal })).data
}

export function retryLeadMail(operatorId: number, leadId: string, mailId: string): Promise<WireLeadMail> {
  return call('POST', `${pathOf(leadId)}/${encodeURIComponent(mailId)}/retry`, { operatorId })
}
