import type { WireListedMail, WireMailSettings, WireMailTest } from '../../contract/mail.ts'
import type { WireMailChoices } from '../../contract/mail-choices.ts'
import { call } from './call.ts'

export type { WireListedMail, WireMailSettings, WireMailTest } from '../../contract/mail.ts'
export type { WireMailChoices } from '../../contract/mail-choices.ts'

export type MailSettingsAsked = Pick<
  WireMailSettings,
  'enabled' | 'host' | 'port' | 'tls' | 'userName' | 'senderName' | 'senderAddress'
> & { password?: string }

export function getMailSettings(operatorId: number, signal: AbortSignal): Promise<WireMailSettings> {
  return call('GET', '/api/v4/mail/settings', { operatorId, signal })
}

export function setMailSettings(operatorId: number, settings: MailSettingsAsked): Promise<WireMailSettings> {
  return call('PUT', '/api/v4/mail/settings', { operatorId, body: settings })
}

/** Sends one mail now; takes at most 60 seconds there. */
export function testMail(operatorId: number, to: string): Promise<WireMailTest> {
  return call('POST', '/api/v4/mail/test', { operatorId, body: { to }, timeoutSeconds: 90 })
}

export function listMails(operatorId: number, signal: AbortSignal): Promise<{ data: WireListedMail[] }> {
  return call('GET', '/api/v4/mails', { operatorId, query: { pageSize: 50 }, signal })
}

export function retryMail(operatorId: number, mailId: string): Promise<WireListedMail> {
  return call('POST', `/api/v4/mails/${encodeURIComponent(mailId)}/retry`, { operatorId })
}

export function getMailChoices(signal: AbortSignal): Promise<WireMailChoices> {
  return call('GET', '/api/v4/me/mail', { signal })
}

export function setMailChoices(choices: Partial<WireMailChoices['choices']>): Promise<WireMailChoices> {
  return call('PUT', '/api/v4/me/mail', { body: { choices } })
}
