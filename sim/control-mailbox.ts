import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { MAILBOX_BEHAVIOURS, MAILBOX_PASSWORD, MAILBOX_USER, type MailboxBehaviour } from './mailbox.ts'

const BEHAVIOURS = Object.keys(MAILBOX_BEHAVIOURS) as MailboxBehaviour[]

/** What has arrived, newest first; `?limit=`, `?to=`. */
export function listMails({ simulation: { mailbox }, query }: ControlCall) {
  const limit = Math.min(500, Math.max(1, Number(query.get('limit') ?? 50) || 50))
  return {
    status: 200,
    body: {
      port: mailbox.port,
      user: MAILBOX_USER,
      password: MAILBOX_PASSWORD,
      behaviour: mailbox.behaviour,
      behaviours: MAILBOX_BEHAVIOURS,
      received: mailbox.received,
      mails: mailbox.list(limit, query.get('to') ?? undefined),
    },
  }
}

export function clearMails({ simulation: { mailbox } }: ControlCall) {
  mailbox.clear()
  return { status: 200, body: { received: 0 } }
}

/** `{behaviour}`: see the catalogue in the list. */
export async function changeMailbox({ simulation: { mailbox }, exchange }: ControlCall) {
  const body = await ControlBody.read(exchange, ['behaviour'])
  await mailbox.behave(body.oneOf('behaviour', BEHAVIOURS) ?? mailbox.behaviour)
  return { status: 200, body: { behaviour: mailbox.behaviour } }
}
