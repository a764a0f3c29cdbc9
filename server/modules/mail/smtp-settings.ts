import type { SmtpSettings } from '../../platform/mail/index.ts'
import type { Sealer, SealPlace } from '../../platform/secrets/index.ts'
import type { MailSettings } from './mail.ts'

export function passwordCell(operatorId: number): SealPlace {
  return { table: 'mail_settings', row: String(operatorId), column: 'password_sealed' }
}

/** The settings as a connection needs them: the password opened. */
export function smtpSettingsOf({ operatorId, ...settings }: MailSettings, sealer: Sealer): SmtpSettings {
  const { host, port, tls, userName: user, passwordSealed } = settings
  const password = passwordSealed === null ? null : sealer.open(passwordSealed, passwordCell(operatorId))
  return { host, port, tls, user, password }
}
