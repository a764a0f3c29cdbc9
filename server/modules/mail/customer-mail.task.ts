import type { WireMailLeads } from '../../../contract/lead-bulk.ts'
import { MAIL_LEADS_MAX } from '../../../contract/lead-mails.ts'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import { AppError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { defineTask, type ItemResult, type TaskItem } from '../../platform/tasks/index.ts'
import { leadsById } from '../leads/index.ts'
import type { MailText, Values } from './customer-mail.rules.ts'
import { customerMailCount } from './customer-mail-count.store.ts'
import { demandReadiness, frameOf } from './customer-mail-frame.ts'
import {
  channelsByNeed,
  goodRecipients,
  mailedLead,
  missingWords,
  type ReadyMails,
  renderAll,
  type Surroundings,
  writeMails,
} from './customer-mail-writer.ts'

/** All that the mails need, as it was when they were asked for. */
type Input = {
  text: MailText
  values: Values
  toAll: boolean
  surroundings: Surroundings
  senderAddress: string
  replyTo: string | null
  templateName: string | null
  perDay: number
}

/** Few at a time: the leads of a batch stay as they are until its mails are written. */
const BATCH_SIZE = 50

/** Writes to the customers of many leads; each lead has a result of its own. */
export function mailCustomersTask(clock: Clock = systemClock) {
  return defineTask<Input>({
    kind: 'leads.mail',
    summary: 'Writes to the customers of leads by mail',
    permissions: { see: 'leads.read', run: 'mail.send' },
    steps: [
      {
        name: 'write',
        title: 'Write the mails',
        unit: 'leads',
        batchSize: BATCH_SIZE,
        batch: (tx, items, { input }) => write(tx, items, input, clock.now()),
      },
    ],
  })
}

/** For bulk actions: what the task needs, or why it cannot be. */
export async function prepareMailing(
  { transact, clock }: { transact: Transact; clock: Clock },
  principal: OperatorPrincipal,
  asked: WireMailLeads,
  leads: number,
): Promise<Input> {
  if (leads > MAIL_LEADS_MAX) {
    const detail = `At most ${MAIL_LEADS_MAX} customers can be written to at once, and these are ${leads.toLocaleString('en')}: choose fewer.`
    throw new AppError({ code: 'too-many-items', status: 422, detail })
  }
  const frame = await frameOf(transact, principal, asked, clock.now())
  demandReadiness(frame.readiness)
  const { operatorName, senderName, senderEmail, text, templateName, replyTo, from, limits } = frame
  return {
    ...{ text, templateName, replyTo, values: asked.values ?? {}, toAll: asked.recipients === 'all' },
    surroundings: { operatorName, senderName, senderEmail },
    ...{ senderAddress: from?.address ?? '', perDay: limits.perDay },
  }
}

async function write(tx: Tx, items: TaskItem[], input: Input, now: Date): Promise<ItemResult[]> {
  const ids = items.map(({ objectId }) => objectId)
  const leads = new Map((await leadsById(tx, ids, { stay: true })).map((lead) => [lead.leadId, lead]))
  const channelOf = channelsByNeed(tx)
  const ready: ReadyMails[] = []
  const results: ItemResult[] = []
  for (const { objectId } of items) {
    const found = leads.get(objectId)
    if (!found) {
      results.push({ state: 'failed', code: 'not-found', message: 'The lead does not exist, or is not yours to see.' })
      continue
    }
    const lead = mailedLead(found)
    const named = lead.companyName === null ? {} : { objectName: lead.companyName }
    const fail = (code: string, message: string) => results.push({ state: 'failed', code, message, ...named })
    const good = goodRecipients(lead)
    const recipients = input.toAll ? good : good.slice(0, 1)
    if (recipients.length === 0) {
      fail('mail-no-address', 'None of its contacts has a mail address that can be used.')
      continue
    }
    const channel = await channelOf(lead.channelId)
    const mails = renderAll(lead, recipients, {
      ...{ text: input.text, given: input.values, channel },
      frame: input.surroundings,
    })
    const [missing] = missingWords(mails)
    if (missing) fail('mail-value-missing', missing.detail)
    else if (!(await customerMailCount(tx).take(mails.length, { perMinute: null, perDay: input.perDay }, now))) {
      fail('mail-limit', `The ${input.perDay} mails to customers of one day are written: retry tomorrow (UTC).`)
    } else {
      ready.push({ lead, mails })
      const to = recipients.map(({ address }) => address).join(', ')
      results.push({ state: 'succeeded', message: `Written to ${to}.`, ...named })
    }
  }
  if (ready.length > 0) await writeMails(tx, ready, input, now)
  return results
}
