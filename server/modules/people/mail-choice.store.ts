import type { MailKind } from '../../../contract/mail-choices.ts'
import type { Level, Tier } from '../../../contract/roles.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

export type MailDelivery = 'at-once' | 'digest' | 'never'
export type ChosenMail = Partial<Record<MailKind, MailDelivery>>

/** Somebody who works for the operator, with what he wants to be told by mail. */
export type MailReader = {
  personId: string
  name: string
  email: string
  tier: Tier
  level: Level
  channelId: number | null
  choices: ChosenMail
}

export async function chosenMail(tx: Tx, personId: string): Promise<ChosenMail> {
  const { rows } = await connectionOf(tx).query<{ choices: ChosenMail | null }>(
    'select json_object_agg(kind, delivery) as choices from mail_choice where person_id = $1',
    [personId],
  )
  return rows[0]?.choices ?? {}
}

/** Keeps choices; kinds that are not named stay as they are. */
export async function chooseMail(tx: Tx, personId: string, choices: ChosenMail): Promise<void> {
  await connectionOf(tx).query(
    `insert into mail_choice (person_id, kind, delivery) select $1, key, value from json_each_text($2::json)
     on conflict (person_id, kind) do update set delivery = excluded.delivery`,
    [personId, JSON.stringify(choices)],
  )
}

/** The staff of the operator of the transaction and of its channels, who can sign in. */
export async function mailReaders(tx: Tx): Promise<MailReader[]> {
  const { rows } = await connectionOf(tx).query<MailReader>(
    `select p.person_id as "personId", p.name, p.email, m.tier, m.level, m.channel_id as "channelId",
            coalesce((select json_object_agg(kind, delivery) from mail_choice c where c.person_id = p.person_id), '{}') as choices
     from membership m join person p using (person_id)
     where m.operator_id = $1 and m.tier in ('operator', 'channel') and p.state = 'active'
     order by p.person_id`,
    [tx.operatorId],
  )
  return rows
}

/** Where answers to somebody's mail go; null: he is nobody here, or may not sign in any more. */
export async function addressOfPerson(tx: Tx, personId: string): Promise<string | null> {
  const { rows } = await connectionOf(tx).query<{ email: string }>(
    `select email from person where person_id = $1 and state = 'active'`,
    [personId],
  )
  return rows[0]?.email ?? null
}
