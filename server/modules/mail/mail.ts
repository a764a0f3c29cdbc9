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

/** A mail that this worker sends now; `attempts` counts this one. */
export type ClaimedMail = {
  operatorId: number
  mailId: string
  attempts: number
  recipientName: string
  recipientAddress: string
  subject: string
  text: string
  html: string
  messageId: string
  createdAt: Date
}
