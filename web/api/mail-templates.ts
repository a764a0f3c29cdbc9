import type { TemplateVariable, WireCustomerMailSettings, WireMailTemplate } from '../../contract/mail-templates.ts'
import { call } from './call.ts'

export type { TemplateVariable, WireCustomerMailSettings, WireMailTemplate } from '../../contract/mail-templates.ts'

export type MailVariable = { name: TemplateVariable; meaning: string; example: string }
export type MailTemplates = {
  data: WireMailTemplate[]
  removedBuiltIns: { id: string; name: string }[]
  variables: MailVariable[]
}
export type TemplateAsked = Pick<WireMailTemplate, 'name' | 'subject' | 'body' | 'language'>

const PATH = '/api/v4/mail/templates'
const pathOf = (templateId: string) => `${PATH}/${encodeURIComponent(templateId)}`

export function listMailTemplates(operatorId: number, signal: AbortSignal): Promise<MailTemplates> {
  return call('GET', PATH, { operatorId, signal })
}

export function createMailTemplate(operatorId: number, body: TemplateAsked): Promise<WireMailTemplate> {
  return call('POST', PATH, { operatorId, body })
}

export function setMailTemplate(
  operatorId: number,
  templateId: string,
  body: TemplateAsked,
): Promise<WireMailTemplate> {
  return call('PUT', pathOf(templateId), { operatorId, body })
}

export function deleteMailTemplate(operatorId: number, templateId: string): Promise<void> {
  return call('DELETE', pathOf(templateId), { operatorId })
}

export function restoreMailTemplate(operatorId: number, templateId: string): Promise<WireMailTemplate> {
  return call('POST', `${pathOf(templateId)}/restore`, { operatorId })
}

const SETTINGS = '/api/v4/mail/customer-settings'
export type SeenCustomerMailSettings = WireCustomerMailSettings & { usedToday: number }

export function getCustomerMailSettings(operatorId: number, signal: AbortSignal): Promise<SeenCustomerMailSettings> {
  return call('GET', SETTINGS, { operatorId, signal })
}

export function setCustomerMailSettings(
  operatorId: number,
  body: WireCustomerMailSettings,
): Promise<SeenCustomerMailSettings> {
  return call('PUT', SETTINGS, { operatorId, body })
}
