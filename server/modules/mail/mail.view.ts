import type { WireListedMail, WireMailSettings } from '../../../contract/mail.ts'
import type { SeenMailSettings } from './mail.service.ts'
import type { LoggedMail } from './mail.ts'

/** What one might begin with, where nothing is set. */
const BLANK = {
  enabled: true,
  host: '',
  port: 587,
  tls: 'starttls',
  userName: null,
  senderName: '',
  senderAddress: '',
} as const

export function viewMailSettings({ settings, waiting }: SeenMailSettings): WireMailSettings {
  const { enabled, host, port, tls, userName, senderName, senderAddress } = settings ?? BLANK
  return {
    ...{ configured: settings !== null, enabled, host, port, tls, userName, senderName, senderAddress, waiting },
    hasPassword: settings?.passwordSealed != null,
    failingSince: settings?.failingSince?.toISOString() ?? null,
    lastError: settings?.lastError ?? null,
    lastSentAt: settings?.lastSentAt?.toISOString() ?? null,
    changedAt: settings?.changedAt.toISOString() ?? null,
    changedBy: settings?.changedBy ?? null,
  }
}

export function viewListedMail({ mailId, dueAt, createdAt, finishedAt, ...mail }: LoggedMail): WireListedMail {
  return {
    ...{ id: mailId, ...mail },
    dueAt: mail.state === 'waiting' ? dueAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}
