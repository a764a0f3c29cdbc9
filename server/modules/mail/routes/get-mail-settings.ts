import { getMailSettings } from '../../../../contract/mail.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { MailService } from '../mail.service.ts'
import { viewMailSettings } from '../mail.view.ts'

export function getMailSettingsRoute(mail: MailService): Route {
  return route(getMailSettings, async (_input, { principal }) => ({
    json: viewMailSettings(await mail.get(principal)),
  }))
}
