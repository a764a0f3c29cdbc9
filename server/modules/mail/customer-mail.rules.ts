import type { WireLeadContact } from '../../../contract/leads.ts'
import { allTemplateVariables, type TemplateVariable } from '../../../contract/mail-templates.ts'
import { type TemplatePart, templateParts } from './mail-template.rules.ts'
import { escapeHtml } from './mail-text.rules.ts'

/** What of a lead can be put into a mail. */
export type MailedLead = {
  leadId: string
  tenantId: string
  channelId: number | null
  companyName: string | null
  companySize: string | null
  countries: string[]
  /** As Microsoft writes it. */
  consentedOn: string
  isDirectLead: boolean
  contact: WireLeadContact
  contacts: WireLeadContact[]
}

/** The rest of what can be put in: of whoever sends it, and of the lead's channel. */
export type MailSurroundings = {
  operatorName: string
  senderName: string
  senderEmail: string | null
  channel: { name: string; email: string | null; phone: string | null } | null
}

export type Recipient = { name: string; address: string }
export type MailText = { subject: string; body: string; language: string }
export type Values = Partial<Record<TemplateVariable, string>>
export type RenderedMail = {
  recipient: Recipient
  subject: string
  text: string
  html: string
  missing: TemplateVariable[]
}

/** What is known of the lead, in the language of the mail; what is not known is not there. */
export function valuesOf(
  lead: MailedLead,
  { operatorName, senderName, senderEmail, channel }: MailSurroundings,
  recipient: Recipient,
  language: string,
): Values {
  const all: Record<TemplateVariable, string | null> = {
    companyName: lead.companyName,
    contactName: recipient.name,
    countries: countriesText(lead.countries, language),
    companySize: sizeText(lead.companySize),
    // A consentless lead bears the day on which the operator made it: the customer has picked nobody.
    consentDate: lead.isDirectLead ? null : dayText(lead.consentedOn, language),
    tenantId: lead.tenantId,
    operatorName,
    channelName: channel?.name ?? null,
    channelEmail: channel?.email ?? null,
    channelPhone: channel?.phone ?? null,
    senderName,
    senderEmail,
  }
  const known = allTemplateVariables.flatMap((name) => {
    const value = oneLine(all[name] ?? '')
    return value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(known)
}

/** A mail to one recipient: what is known of the lead is put in, and `given` only where nothing is known. */
export function renderMail(text: MailText, recipient: Recipient, known: Values, given: Values): RenderedMail {
  const missing = new Set<TemplateVariable>()
  const wordFor = (name: TemplateVariable) => {
    const value = known[name] ?? oneLine(given[name] ?? '')
    if (value !== '') return value
    missing.add(name)
    return `{{${name}}}`
  }
  const body = templateParts(text.body.replace(/\r\n?/g, '\n').trimEnd())
  const fill = (parts: TemplatePart[]) =>
    parts.map((part) => ('text' in part ? part.text : wordFor(part.variable))).join('')
  return {
    recipient,
    subject: shortened(oneLine(fill(templateParts(text.subject)))),
    text: `${fill(body)}\n`,
    html: htmlMail(body, wordFor, text.language),
    missing: [...missing],
  }
}

const SUBJECT_MAX = 400

/** Stands for the value of that number in a text whose links are looked for; nobody can type it, see `htmlMail`. */
const MARK = /\uE000(\d+)\uE001/g
const LINK = /https?:\/\/[^\s<>"'/?#\uE000]+(?:[/?#][^\s<>"']*)?/g

/**
 * Plain text as HTML: paragraphs, line breaks, links; everything escaped, nothing loaded from anywhere. Only links that the
 * writer has typed become links: what a customer calls himself is never made one, and cannot change where one leads.
 */
function htmlMail(parts: TemplatePart[], wordFor: (name: TemplateVariable) => string, language: string): string {
  const values: string[] = []
  const marked = parts
    .map((part) =>
      'text' in part
        ? part.text.replace(/[\uE000\uE001]/g, '')
        : `\uE000${values.push(wordFor(part.variable)) - 1}\uE001`,
    )
    .join('')
  const shown = (text: string) => escapeHtml(text).replace(MARK, (_, index) => escapeHtml(values[Number(index)] ?? ''))
  const paragraphs = marked.split(/\n{2,}/).filter((one) => one.trim() !== '')
  const inner = paragraphs.map(
    (one) => `<p dir="auto">${linked(one.trim(), shown, values).replaceAll('\n', '<br>\n')}</p>`,
  )
  // An attribute of old: a style would be refused where the portal shows the mail, and it is to look the same there.
  return `<!doctype html>
<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"></head><body><font face="Segoe UI, Arial, sans-serif">
${inner.join('\n')}
</font></body></html>
`
}

function linked(text: string, shown: (text: string) => string, values: string[]): string {
  let html = ''
  let from = 0
  for (const match of text.matchAll(LINK)) {
    // The full stop at the end of a sentence, and a bracket around the link, are not of it.
    const link = match[0].replace(/[.,;:!?)\]}'"]+$/, '')
    const address = link.replace(MARK, (_, index) => encodeURIComponent(values[Number(index)] ?? ''))
    html += `${shown(text.slice(from, match.index))}<a href="${escapeHtml(address)}">${shown(link)}</a>`
    from = match.index + link.length
  }
  return html + shown(text.slice(from))
}

function countriesText(codes: string[], language: string): string | null {
  if (codes.length === 0) return null
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const nameOf = (code: string) => (/^[a-z]{2}$/i.test(code) ? (names.of(code.toUpperCase()) ?? code) : code)
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(codes.map(nameOf))
}

/** `L250_U999` in figures, which need no language; what is not of that form as it is. */
function sizeText(token: string | null): string | null {
  const [, from, to] = /^L(\d+)_U(\d+|Infinity)$/.exec(token ?? '') ?? []
  if (from === undefined) return token
  return to === 'Infinity' ? `${from}+` : `${from}–${to}`
}

/** In UTC: the day that Microsoft names. */
function dayText(instant: string, language: string): string | null {
  const at = new Date(instant.replace(/(\.\d{3})\d+/, '$1'))
  if (Number.isNaN(at.getTime())) return null
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at)
}

/** What somebody calls himself, on one line: nothing in it begins another header or paragraph. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s\uE000\uE001]+/gu, ' ')
    .trim()
}

/** As a subject is sent: the rest of a longer one would be cut off on the way. */
function shortened(subject: string): string {
  return subject.length > SUBJECT_MAX ? `${subject.slice(0, SUBJECT_MAX - 1)}…` : subject
}

/** The contacts of a lead, the main one first, each address once. */
export function contactsOf({ contact, contacts }: MailedLead): { name: string | null; address: string | null }[] {
  const seen = new Set<string>()
  return [contact, ...contacts].flatMap(({ fullName, email }) => {
    const address = email?.trim() || null
    const key = address?.toLowerCase() ?? `${fullName}`
    if (seen.has(key) || (address === null && !fullName?.trim())) return []
    seen.add(key)
    return [{ name: fullName?.trim() || null, address }]
  })
}
