import type { SmtpStage } from '../../platform/mail/index.ts'

export type MailTls = 'none' | 'starttls' | 'tls'
export type MailState = 'waiting' | 'sent' | 'bounced' | 'given-up'

/** How an operator sends mail, as it is stored: the password sealed. */
export type MailSettings = {
  operatorId: number
  enabled: boolean
  host: string
  port: number
  tls: MailTls
  userName: string | null
  passwordSealed: string | null
  senderName: string
  senderAddress: string
  failingSince: Date | null
  lastError: string | null
  lastSentAt: Date | null
  digestAt: Date | null
  changedAt: Date
  changedBy: string
}

/** A mail that is written and not yet in the queue. */
export type NewMail = {
  purpose: string
  personId: string | null
  leadId: string | null
  recipientName: string
  recipientAddress: string
  subject: string
  text: string
  html: string
  createdBy: string
  /** Of mails to customers. */
  replyTo?: string | null
  templateName?: string | null
  authorChannelId?: number | null
}

/** A mail as the log shows it. */
export type LoggedMail = {
  mailId: string
  purpose: string
  recipientName: string
  recipientAddress: string
  subject: string
  state: MailState
  attempts: number
  dueAt: Date
  lastStage: SmtpStage | null
  lastCode: number | null
  lastReply: string | null
  createdAt: Date
  createdBy: string
  finishedAt: Date | null
}

/** A mail to a customer, as those who see the lead see it. */
export type StoredLeadMail = LoggedMail & {
  leadId: string
  text: string
  templateName: string | null
  authorChannelId: number | null
}

/** What holds for mail to customers. */
export type CustomerMailSettings = {
  /** Null: answers go to the person who wrote the mail. */
  replyTo: string | null
  channelsMaySend: boolean
  perMinute: number
  perDay: number
}

/** A template as an operator has it, stored or brought along. */
export type MailTemplate = {
  id: string
  name: string
  subject: string
  body: string
  language: string
  isBuiltIn: boolean
  /** Null: as Leadline brings it along. */
  changedAt: Date | null
  changedBy: string | null
}

/** A mail that this worker sends now; `attempts` counts this one. */
export type ClaimedMail = {
  operatorId: number
  mailId: string
  purpose: string
  leadId: string | null
  replyTo: string | null
  attempts: number
  recipientName: string
  recipientAddress: string
  subject: string
  text: string
  html: string
  messageId: string
  createdAt: Date
}
