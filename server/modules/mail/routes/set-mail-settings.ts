import { setMailSettings } from '../../../../contract/mail.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { MailService } from '../mail.service.ts'
import { viewMailSettings } from '../mail.view.ts'

export function setMailSettingsRoute(mail: MailService): Route {
  return route(setMailSettings, async ({ body }, { principal }) => ({
    json: viewMailSettings(await mail.set(principal, body)),
  }))
}
