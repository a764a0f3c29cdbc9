import { TEMPLATES_MAX } from '../../../contract/mail-templates.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import { isGuid, newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { headerTextProblem } from '../../platform/mail/index.ts'
import { journal } from '../audit/index.ts'
import { builtInTemplates } from './built-in-templates.ts'
import type { MailText } from './customer-mail.rules.ts'
import type { MailTemplate } from './mail.ts'
import { knownLanguage, templateProblems } from './mail-template.rules.ts'
import { mailTemplateStore, type StoredTemplate } from './mail-template.store.ts'

export type TemplateAsked = MailText & { name: string }
export type MailTemplates = { templates: MailTemplate[]; removedBuiltIns: { id: string; name: string }[] }

export type MailTemplateService = ReturnType<typeof createMailTemplateService>

/** Templates of mail to customers: what Leadline brings along, and what the operator has made of it. */
export function createMailTemplateService({ transact, clock }: { transact: Transact; clock: Clock }) {
  const save = async (tx: Tx, id: string, asked: TemplateAsked, stored: StoredTemplate[]): Promise<MailTemplate> => {
    demandFreeName(stored, asked.name, id)
    const changed = { changedAt: clock.now(), changedBy: tx.principal.name }
    await mailTemplateStore(tx).save({ id, ...asked, isRemoved: false, ...changed })
    return { id, ...asked, isBuiltIn: isBuiltIn(id), ...changed }
  }

  return {
    /** For whoever may write to customers, channels too: templates are the operator's. */
    list: (principal: OperatorPrincipal): Promise<MailTemplates> =>
      transact(wholeOperator(principal), async (tx) => templatesOf(await mailTemplateStore(tx).list())),

    async create(principal: OperatorPrincipal, body: TemplateAsked): Promise<MailTemplate> {
      const asked = readTemplate(body)
      return transact(principal, async (tx) => {
        const stored = await mailTemplateStore(tx).list({ lock: true })
        if (templatesOf(stored).templates.length >= TEMPLATES_MAX) throw full()
        const template = await save(tx, newId(), asked, stored)
        await tell(tx, 'mail.template-created', template, null, asked)
        return template
      })
    },

    /** What is there stays when the same is asked for again. */
    async set(principal: OperatorPrincipal, templateId: string, body: TemplateAsked): Promise<MailTemplate> {
      const asked = readTemplate(body)
      return transact(principal, async (tx) => {
        const stored = await mailTemplateStore(tx).list({ lock: true })
        const before = findTemplate(stored, templateId)
        if (textOf(before) === textOf(asked)) return before
        const template = await save(tx, before.id, asked, stored)
        await tell(tx, 'mail.template-changed', template, factsOf(before), asked)
        return template
      })
    },

    remove: (principal: OperatorPrincipal, templateId: string): Promise<void> =>
      transact(principal, async (tx) => {
        const store = mailTemplateStore(tx)
        const template = findTemplate(await store.list({ lock: true }), templateId)
        const { id, isBuiltIn: isOurs, changedAt: _at, changedBy: _by, ...asked } = template
        if (!isOurs) await store.remove(id)
        else await store.save({ id, ...asked, isRemoved: true, changedAt: clock.now(), changedBy: principal.name })
        await tell(tx, 'mail.template-deleted', template, asked, null)
      }),

    restore: (principal: OperatorPrincipal, templateId: string): Promise<MailTemplate> =>
      transact(principal, async (tx) => {
        const store = mailTemplateStore(tx)
        const stored = await store.list({ lock: true })
        const builtIn = builtInTemplates.find(({ id }) => id === templateId)
        if (!builtIn) {
          const { name } = findTemplate(stored, templateId)
          const detail = `${name} is one of your own: there is no other text to go back to.`
          throw new AppError({ code: 'mail-template-own', status: 409, detail })
        }
        demandFreeName(stored, builtIn.name, templateId)
        const template = { ...builtIn, isBuiltIn: true, changedAt: null, changedBy: null }
        if (stored.some(({ id }) => id === templateId)) {
          await store.remove(templateId)
          await tell(tx, 'mail.template-restored', template, null, null)
        }
        return template
      }),
  }
}

/** The same person, with the eyes of the whole operator: for what belongs to it and holds for its channels. */
export function wholeOperator(principal: OperatorPrincipal): OperatorPrincipal {
  return { ...principal, channelId: null }
}

/** What there is: built-in ones as they were changed, without those that were removed, then the operator's own. */
export function templatesOf(stored: StoredTemplate[]): MailTemplates {
  const byId = new Map(stored.map((one) => [one.id, one]))
  const removed = builtInTemplates.filter(({ id }) => byId.get(id)?.isRemoved)
  const builtIn = builtInTemplates
    .filter((one) => !removed.includes(one))
    .map((one): MailTemplate => {
      const { isRemoved: _, ...changed } = byId.get(one.id) ?? {
        ...one,
        isRemoved: false,
        changedAt: null,
        changedBy: null,
      }
      return { ...changed, isBuiltIn: true }
    })
  const own = stored
    .filter(({ id }) => !isBuiltIn(id))
    .map(({ isRemoved: _, ...one }): MailTemplate => ({ ...one, isBuiltIn: false }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1))
  return { templates: [...builtIn, ...own], removedBuiltIns: removed.map(({ id, name }) => ({ id, name })) }
}

/** Subject, body and language as they are kept; what is wrong with them is named where it stands in the body of the request. */
export function readMailText({ subject, body, language }: MailText): MailText {
  const read = {
    subject: subject.trim(),
    body: body.replace(/\r\n?/g, '\n'),
    language: knownLanguage(language.trim()),
  }
  const errors: FieldError[] = []
  const note = (field: string, problems: (string | null)[]) => {
    for (const detail of problems) if (detail !== null) errors.push({ pointer: `/body/${field}`, detail })
  }
  note('subject', [headerTextProblem(read.subject), ...templateProblems(read.subject)])
  note('body', templateProblems(read.body))
  if (read.language === null)
    note('language', ['This is no language we can write in: take one such as en, de or fr-CH.'])
  if (errors.length > 0 || read.language === null) throw badRequest(errors)
  return { ...read, language: read.language }
}

function readTemplate({ name, ...text }: TemplateAsked): TemplateAsked {
  const detail = headerTextProblem(name.trim())
  if (detail !== null) throw badRequest([{ pointer: '/body/name', detail }])
  return { name: name.trim(), ...readMailText(text) }
}

function findTemplate(stored: StoredTemplate[], templateId: string): MailTemplate {
  const wanted = isGuid(templateId) ? templateId.toLowerCase() : templateId
  const found = templatesOf(stored).templates.find(({ id }) => id === wanted)
  if (!found) throw notFound('The template')
  return found
}

function isBuiltIn(templateId: string): boolean {
  return builtInTemplates.some(({ id }) => id === templateId)
}

function demandFreeName(stored: StoredTemplate[], name: string, exceptId: string): void {
  const folded = name.toLowerCase()
  const taken = templatesOf(stored).templates.find((one) => one.id !== exceptId && one.name.toLowerCase() === folded)
  if (!taken) return
  const detail = `There is a template called ${taken.name} already: choose another name.`
  throw new AppError({
    ...{ code: 'mail-template-name-taken', status: 409, detail },
    errors: [{ pointer: '/body/name', detail }],
  })
}

function full(): AppError {
  const detail = `There are ${TEMPLATES_MAX} templates, and there can be no more: delete one first.`
  return new AppError({ code: 'mail-templates-full', status: 409, detail })
}

function factsOf({ name, subject, body, language }: TemplateAsked): TemplateAsked {
  return { name, subject, body, language }
}

function textOf(template: TemplateAsked): string {
  return JSON.stringify(factsOf(template))
}

async function tell(
  tx: Tx,
  action: string,
  { id, name }: { id: string; name: string },
  before: TemplateAsked | null,
  after: TemplateAsked | null,
): Promise<void> {
  await journal(tx).append({ action, object: { type: 'mail-template', id, name }, before, after })
}
