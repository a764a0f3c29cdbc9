import { newId } from '../../kernel/ids.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import type { SmtpStage } from '../../platform/mail/index.ts'
import type { ClaimedMail, LoggedMail, MailState, NewMail, StoredLeadMail } from './mail.ts'

const LOGGED = `
  mail_id as "mailId", purpose, recipient_name as "recipientName", recipient_address as "recipientAddress", subject,
  state, attempts, due_at as "dueAt", last_stage as "lastStage", last_code as "lastCode", last_reply as "lastReply",
  created_at as "createdAt", created_by as "createdBy", finished_at as "finishedAt"`

const OF_LEAD = `${LOGGED}, lead_id as "leadId", text_body as text, template_name as "templateName",
  author_channel_id as "authorChannelId"`

/** What became of a claimed mail. */
export type SettledMail = {
  mailId: string
  claim: string
  state: MailState
  /** For one that waits on. */
  dueAt: Date
  /** The attempt did not take place. */
  returned?: boolean
  stage: SmtpStage | null
  code: number | null
  said: string | null
}

/** Mails in the scope of the transaction. Ids grow with time. */
export function mailQueueStore(tx: Tx) {
  const db = connectionOf(tx)
  return {
    /** Puts mails of the operator of the transaction into the queue, due at once. */
    async insert(mails: NewMail[], senderAddress: string, now: Date): Promise<string[]> {
      const domain = senderAddress.slice(senderAddress.lastIndexOf('@') + 1)
      const rows = mails.map((mail) => {
        const mail_id = newId()
        return {
          ...{ mail_id, purpose: mail.purpose, person_id: mail.personId, lead_id: mail.leadId },
          ...{ recipient_name: mail.recipientName, recipient_address: mail.recipientAddress, subject: mail.subject },
          ...{ text_body: mail.text, html_body: mail.html, created_by: mail.createdBy },
          ...{ reply_to: mail.replyTo ?? null, template_name: mail.templateName ?? null },
          author_channel_id: mail.authorChannelId ?? null,
          message_id: `<${mail_id}@${domain}>`,
        }
      })
      await db.query(
        `insert into mail (operator_id, mail_id, purpose, person_id, lead_id, recipient_name, recipient_address, subject,
           text_body, html_body, message_id, due_at, created_at, created_by, reply_to, template_name, author_channel_id)
         select $1, mail_id, purpose, person_id, lead_id, recipient_name, recipient_address, subject, text_body, html_body,
                message_id, $3, $3, created_by, reply_to, template_name, author_channel_id
         from json_to_recordset($2::json) as m (mail_id uuid, purpose text, person_id uuid, lead_id uuid,
           recipient_name text, recipient_address text, subject text, text_body text, html_body text, message_id text,
           created_by text, reply_to text, template_name text, author_channel_id integer)`,
        [tx.operatorId, JSON.stringify(rows), now],
      )
      return rows.map(({ mail_id }) => mail_id)
    },

    /** Claims what is due, oldest first; a claim whose time is over (its worker ended) is taken again. */
    async claim(operatorId: number, claim: string, now: Date, claimMs: number, limit: number): Promise<ClaimedMail[]> {
      const { rows } = await db.query<ClaimedMail>(
        `with due as (
           select operator_id, mail_id from mail
           where operator_id = $1 and state = 'waiting' and due_at <= $2 and (claimed_until is null or claimed_until < $2)
           order by due_at, mail_id limit $5 for update skip locked
         )
         update mail m set claim = $3, claimed_until = $2::timestamptz + make_interval(secs => $4), attempts = m.attempts + 1
         from due where m.operator_id = due.operator_id and m.mail_id = due.mail_id
         returning m.operator_id as "operatorId", m.mail_id as "mailId", m.purpose, m.lead_id as "leadId",
           m.reply_to as "replyTo", m.attempts, m.recipient_name as "recipientName",
           m.recipient_address as "recipientAddress", m.subject, m.text_body as text, m.html_body as html,
           m.message_id as "messageId", m.created_at as "createdAt"`,
        [operatorId, now, claim, claimMs / 1_000, limit],
      )
      return rows.sort((a, b) => (a.mailId < b.mailId ? -1 : 1))
    },

    /** Nothing is written for a mail that another worker has taken over: false then. */
    async settle(operatorId: number, mail: SettledMail, now: Date): Promise<boolean> {
      const { rowCount } = await db.query(
        `update mail set state = $4, due_at = $5, claim = null, claimed_until = null,
           attempts = attempts - case when $6 then 1 else 0 end,
           last_stage = case when $6 then last_stage else $7 end, last_code = case when $6 then last_code else $8::integer end,
           last_reply = case when $6 then last_reply else $9 end,
           finished_at = case when $4 = 'waiting' then null else $10::timestamptz end
         where operator_id = $1 and mail_id = $2 and claim = $3`,
        [
          ...[operatorId, mail.mailId, mail.claim, mail.state, mail.dueAt, mail.returned === true],
          ...[mail.stage, mail.code, mail.said, now],
        ],
      )
      return rowCount === 1
    },

    async list(filter: { state: MailState | null; after: string | null; limit: number }): Promise<LoggedMail[]> {
      const { rows } = await db.query<LoggedMail>(
        `select ${LOGGED} from mail
         where operator_id = $1 and ($2::text is null or state = $2) and ($3::uuid is null or mail_id < $3)
         order by mail_id desc limit $4`,
        [tx.operatorId, filter.state, filter.after, filter.limit],
      )
      return rows
    },

    /** Mails to the customer of a lead, newest first. */
    async ofLead(leadId: string, limit: number): Promise<StoredLeadMail[]> {
      const { rows } = await db.query<StoredLeadMail>(
        `select ${OF_LEAD} from mail where operator_id = $1 and lead_id = $2 order by mail_id desc limit $3`,
        [tx.operatorId, leadId, limit],
      )
      return rows
    },

    async lockOfLead(leadId: string, mailId: string): Promise<StoredLeadMail | undefined> {
      const { rows } = await db.query<StoredLeadMail>(
        `select ${OF_LEAD} from mail where operator_id = $1 and lead_id = $2 and mail_id = $3 for update`,
        [tx.operatorId, leadId, mailId],
      )
      return rows[0]
    },

    async lock(mailId: string): Promise<LoggedMail | undefined> {
      const { rows } = await db.query<LoggedMail>(
        `select ${LOGGED} from mail where operator_id = $1 and mail_id = $2 for update`,
        [tx.operatorId, mailId],
      )
      return rows[0]
    },

    /** Due at once, with all its attempts before it; what is being sent now stays claimed. */
    async revive(mailId: string, now: Date): Promise<void> {
      await db.query(
        `update mail set state = 'waiting', attempts = 0, due_at = $3, finished_at = null where operator_id = $1 and mail_id = $2`,
        [tx.operatorId, mailId, now],
      )
    },

    /** Everything that waits is due at once. */
    async hasten(now: Date): Promise<void> {
      await db.query(`update mail set due_at = $2 where operator_id = $1 and state = 'waiting' and due_at > $2`, [
        tx.operatorId,
        now,
      ])
    },

    async countWaiting(): Promise<number> {
      const { rows } = await db.query<{ count: number }>(
        `select count(*)::int as count from mail where operator_id = $1 and state = 'waiting'`,
        [tx.operatorId],
      )
      return rows[0]?.count ?? 0
    },

    /** Removes those that were settled before; mails to customers only where they were settled before `customersBefore`. */
    async trim(before: Date, customersBefore: Date, limit: number): Promise<number> {
      const { rowCount } = await db.query(
        `delete from mail where operator_id = $1 and mail_id in (
           select mail_id from mail
           where operator_id = $1 and finished_at < case when lead_id is null then $2::timestamptz else $3 end limit $4)`,
        [tx.operatorId, before, customersBefore, limit],
      )
      return rowCount ?? 0
    },
  }
}
