import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { CustomerMailSettings, MailSettings } from './mail.ts'

const COLUMNS = `
  operator_id as "operatorId", enabled, host, port, tls, user_name as "userName", password_sealed as "passwordSealed",
  sender_name as "senderName", sender_address as "senderAddress", failing_since as "failingSince",
  last_error as "lastError", last_sent_at as "lastSentAt", digest_at as "digestAt", changed_at as "changedAt",
  changed_by as "changedBy"`

/** How mail is sent, in the scope of the transaction: of one operator, or of all for background work. */
export function mailSettingsStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    async find(operatorId: number): Promise<MailSettings | undefined> {
      const { rows } = await db.query<MailSettings>(`select ${COLUMNS} from mail_settings where operator_id = $1`, [
        operatorId,
      ])
      return rows[0]
    },

    async lock(operatorId: number): Promise<MailSettings | undefined> {
      const { rows } = await db.query<MailSettings>(
        `select ${COLUMNS} from mail_settings where operator_id = $1 for update`,
        [operatorId],
      )
      return rows[0]
    },

    /** What holds for mail to customers; undefined: no mail server is set. */
    async ofCustomers(operatorId: number): Promise<CustomerMailSettings | undefined> {
      const { rows } = await db.query<CustomerMailSettings>(
        `select reply_to as "replyTo", channels_may_send as "channelsMaySend", customers_per_minute as "perMinute",
           customers_per_day as "perDay"
         from mail_settings where operator_id = $1`,
        [operatorId],
      )
      return rows[0]
    },

    async saveOfCustomers(operatorId: number, settings: CustomerMailSettings): Promise<void> {
      await db.query(
        `update mail_settings set reply_to = $2, channels_may_send = $3, customers_per_minute = $4, customers_per_day = $5
         where operator_id = $1`,
        [operatorId, settings.replyTo, settings.channelsMaySend, settings.perMinute, settings.perDay],
      )
    },

    /** Operators whose mail is on. */
    async enabled(): Promise<number[]> {
      const { rows } = await db.query<{ operatorId: number }>(
        'select operator_id as "operatorId" from mail_settings where enabled order by operator_id',
      )
      return rows.map(({ operatorId }) => operatorId)
    },

    async save(settings: MailSettings): Promise<void> {
      await db.query(
        `insert into mail_settings (operator_id, enabled, host, port, tls, user_name, password_sealed, sender_name,
           sender_address, digest_at, changed_at, changed_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         on conflict (operator_id) do update set enabled = $2, host = $3, port = $4, tls = $5, user_name = $6,
           password_sealed = $7, sender_name = $8, sender_address = $9, changed_at = $11, changed_by = $12,
           failing_since = null, last_error = null`,
        [
          ...[settings.operatorId, settings.enabled, settings.host, settings.port, settings.tls, settings.userName],
          ...[settings.passwordSealed, settings.senderName, settings.senderAddress, settings.digestAt],
          ...[settings.changedAt, settings.changedBy],
        ],
      )
    },

    /** The server took a mail, or could not be used at all: `error` in its words. */
    async noteHealth(operatorId: number, now: Date, error: string | null): Promise<void> {
      await db.query(
        error === null
          ? `update mail_settings set last_sent_at = $2, failing_since = null, last_error = null
             where operator_id = $1 and (failing_since is not null or last_sent_at is null or last_sent_at < $2::timestamptz - interval '5 seconds')`
          : `update mail_settings set failing_since = coalesce(failing_since, $2), last_error = $3 where operator_id = $1`,
        error === null ? [operatorId, now] : [operatorId, now, error],
      )
    },

    async noteDigest(operatorId: number, at: Date): Promise<void> {
      await db.query('update mail_settings set digest_at = $2 where operator_id = $1', [operatorId, at])
    },
  }
}
