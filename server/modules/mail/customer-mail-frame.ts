import { AppError, badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { operatorStore } from '../operators/index.ts'
import { addressOfPerson } from '../people/index.ts'
import type { MailText } from './customer-mail.rules.ts'
import { customerMailCount, type MailLimits } from './customer-mail-count.store.ts'
import { mailSettingsStore } from './mail-settings.store.ts'
import { readMailText, templatesOf, wholeOperator } from './mail-template.service.ts'
import { mailTemplateStore } from './mail-template.store.ts'

/** Whether mail to customers can be written now; allowed with a reason: it is taken, and waits. */
export type Readiness = { allowed: boolean; code: string | null; reason: string | null }

/** All of a mail to customers that is not of the lead. */
export type MailFrame = {
  readiness: Readiness
  from: { name: string; address: string } | null
  replyTo: string | null
  operatorName: string
  senderName: string
  senderEmail: string | null
  limits: MailLimits
  leftToday: number
  text: MailText
  /** Null: written without a template. */
  templateName: string | null
}

/** A template, a text, or both: then the text holds. */
export type TextAsked = { templateId?: string; subject?: string; body?: string; language?: string }

const STATUS: Record<string, number> = { 'mail-not-set': 409, 'mail-off': 409, 'mail-not-for-channels': 403 }

/** Reads what is the operator's with its eyes, whoever of its channels asks. */
export function frameOf(
  transact: Transact,
  principal: OperatorPrincipal,
  asked: TextAsked,
  now: Date,
): Promise<MailFrame> {
  return transact(wholeOperator(principal), async (tx) => {
    const store = mailSettingsStore(tx)
    const settings = await store.find(tx.operatorId)
    const rules = await store.ofCustomers(tx.operatorId)
    const { templates } = templatesOf(await mailTemplateStore(tx).list())
    const template = templates.find(({ id }) => id === asked.templateId)
    if (asked.templateId !== undefined && !template) {
      throw badRequest([{ pointer: '/body/templateId', detail: 'There is no such template.' }])
    }
    const email = principal.kind === 'person' ? await addressOfPerson(tx, principal.id) : null
    const perDay = rules?.perDay ?? 0
    return {
      readiness: readinessOf(principal, settings, rules?.channelsMaySend === true),
      from: settings ? { name: settings.senderName, address: settings.senderAddress } : null,
      replyTo: rules?.replyTo ?? email,
      operatorName: (await operatorStore(tx).find(tx.operatorId))?.name ?? settings?.senderName ?? '',
      ...{ senderName: principal.name, senderEmail: email },
      limits: { perMinute: rules?.perMinute ?? 0, perDay },
      leftToday: Math.max(0, perDay - (await customerMailCount(tx).today(now))),
      ...{ text: textOf(asked, template), templateName: template?.name ?? null },
    }
  })
}

type Usable = { enabled: boolean; failingSince: Date | null; lastError: string | null }

function readinessOf(principal: OperatorPrincipal, settings: Usable | undefined, channelsMaySend: boolean): Readiness {
  const no = (code: string, reason: string): Readiness => ({ allowed: false, code, reason })
  const isChannel = principal.channelId !== null
  if (isChannel && !channelsMaySend) {
    return no('mail-not-for-channels', 'The carrier does not let its channels write to customers by mail.')
  }
  if (!settings) {
    return no('mail-not-set', 'No mail server is set for this operator: fill in the mail settings first.')
  }
  if (!settings.enabled) return no('mail-off', 'Mail is switched off for this operator, in the mail settings.')
  if (settings.failingSince === null) return { allowed: true, code: null, reason: null }
  const words = isChannel ? '' : ` ${settings.lastError ?? ''}`
  return {
    allowed: true,
    code: null,
    reason: `The mail server cannot be used at the moment.${words} What you send waits, and is tried again for two days.`,
  }
}

/** 403 or 409, in the words of the preview. */
export function demandReadiness({ allowed, code, reason }: Readiness): void {
  if (allowed || code === null) return
  throw new AppError({ code, status: STATUS[code] ?? 409, detail: reason ?? '' })
}

function textOf(asked: TextAsked, template: MailText | undefined): MailText {
  const subject = asked.subject ?? template?.subject
  const body = asked.body ?? template?.body
  if (subject === undefined || body === undefined) {
    throw badRequest([{ pointer: '/body', detail: 'Give a templateId, or a subject and a body.' }])
  }
  return readMailText({ subject, body, language: asked.language ?? template?.language ?? 'en' })
}
