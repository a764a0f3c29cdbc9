import type { Tx } from '../../platform/db/transaction.ts'
import { mailAddressProblem } from '../../platform/mail/index.ts'
import { channelsOfLeads } from '../leads/index.ts'
import { operatorStore } from '../operators/index.ts'
import { mailReaders } from '../people/index.ts'
import type { MailSettings, NewMail } from './mail.ts'
import { mailQueueStore } from './mail-queue.store.ts'
import { mailSettingsStore } from './mail-settings.store.ts'
import { htmlText, plainText } from './mail-text.rules.ts'
import { draftNotices, leadIdOf, type Notice, noticesFor } from './notice.rules.ts'
import { noticeStore } from './notice.store.ts'

/** `publicUrl` without a slash at the end. */
export type Told = { publicUrl: string; now: Date }

const DIGEST_HOUR = 6
const DAY_MS = 86_400_000
/** After a longer silence no more than this is told. */
const DIGEST_DAYS = 7
const KEPT_DAYS = 8

/** One mail to each who wants to hear of it in this way, in the transaction that marks it as told. */
async function write(
  tx: Tx,
  settings: MailSettings,
  notices: Notice[],
  delivery: 'at-once' | 'digest',
  { publicUrl, now }: Told,
): Promise<number> {
  if (notices.length === 0) return 0
  const operatorName = (await operatorStore(tx).find(tx.operatorId))?.name ?? settings.senderName
  const readers = await mailReaders(tx)
  const leadIds = readers.some(({ tier }) => tier === 'channel')
    ? [...new Set(notices.map(leadIdOf).filter((id) => id !== null))]
    : []
  const channelNow = await channelsOfLeads(tx, leadIds)
  const pages = `${publicUrl}/operators/${tx.operatorId}`
  const isDigest = delivery === 'digest'
  const mails = readers.flatMap((reader): NewMail[] => {
    const own = noticesFor(reader, notices, delivery, channelNow)
    if (own.length === 0 || mailAddressProblem(reader.email) !== null) return []
    const { subject, draft } = draftNotices(own, { operatorName, pages, account: `${publicUrl}/account`, isDigest })
    return [
      {
        ...{ purpose: isDigest ? 'digest' : 'notice', personId: reader.personId, leadId: null, createdBy: 'mail' },
        ...{ recipientName: reader.name, recipientAddress: reader.email, subject },
        ...{ text: plainText(draft), html: htmlText(draft) },
      },
    ]
  })
  if (mails.length > 0) await mailQueueStore(tx).insert(mails, settings.senderAddress, now)
  return mails.length
}

/** Writes what is new to those who want to be told at once, in a transaction of the operator. How many mails. */
export async function tellAtOnce(tx: Tx, told: Told): Promise<number> {
  const settings = await mailSettingsStore(tx).lock(tx.operatorId)
  if (!settings) return 0
  const notices = await noticeStore(tx).takeNew(told.now)
  return settings.enabled ? write(tx, settings, notices, 'at-once', told) : 0
}

/** Writes the daily mail of the operator of the transaction, where one is due. How many mails. */
export async function tellDaily(tx: Tx, told: Told): Promise<number> {
  const settings = await mailSettingsStore(tx).lock(tx.operatorId)
  if (!settings?.enabled) return 0
  if (!isDigestDue(settings.digestAt, told.now)) return 0
  const notices = await noticeStore(tx).takeUndigested(new Date(told.now.getTime() - DIGEST_DAYS * DAY_MS), told.now)
  await mailSettingsStore(tx).noteDigest(tx.operatorId, told.now)
  await noticeStore(tx).trim(new Date(told.now.getTime() - KEPT_DAYS * DAY_MS))
  return write(tx, settings, notices, 'digest', told)
}

/** Once a day from 06:00 UTC on; `last`: when the last one was written. */
export function isDigestDue(last: Date | null, now: Date): boolean {
  const today = new Date(now)
  today.setUTCHours(DIGEST_HOUR, 0, 0, 0)
  return now >= today && (last === null || last < today)
}
