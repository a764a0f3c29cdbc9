import { setMailChoices } from '../../../../contract/mail-choices.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function setMailChoicesRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, setMailChoices, async ({ body }, signedIn, context) => ({
    json: await options.mailChoices.set(signedIn, body.choices, originOf(context)),
  }))
}
