import MailComposer from 'nodemailer/lib/mail-composer'
import { headerText } from './address.rules.ts'

export type MailToBuild = {
  from: { name: string; address: string }
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
  /** Where answers go; null: to the sender. */
  replyTo?: string | null
  /** `<…@…>`: the same in every attempt, so that a mail that arrives twice is known. */
  messageId: string
  date: Date
  /** Made by a program for one of our people: nobody's absence notice need answer it. */
  isAutomatic: boolean
}

/** A mail as it goes over the wire: plain text and HTML, no attachment, nothing loaded from elsewhere. */
export async function buildMail(mail: MailToBuild): Promise<Buffer> {
  const named = ({ name, address }: MailToBuild['to']) => ({ name: headerText(name), address })
  const composer = new MailComposer({
    from: named(mail.from),
    to: [named(mail.to)],
    ...(mail.replyTo && { replyTo: mail.replyTo }),
    subject: headerText(mail.subject, 500),
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: mail.date,
    headers: mail.isAutomatic ? { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } : {},
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
