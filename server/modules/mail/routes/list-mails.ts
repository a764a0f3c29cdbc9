import { listMails } from '../../../../contract/mail.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { MailService } from '../mail.service.ts'
import { viewListedMail } from '../mail.view.ts'

export function listMailsRoute(mail: MailService): Route {
  return route(listMails, async ({ query }, { principal }) => {
    const { data, nextCursor } = await mail.list(principal, query)
    return { json: { data: data.map(viewListedMail), nextCursor } }
  })
}
