import { getMailChoices } from '../../../../contract/mail-choices.ts'
import type { Route } from '../../../platform/http/index.ts'
import { personRoute } from '../person-route.ts'
import { originOf } from '../visitor.ts'
import type { PeopleRouteOptions } from './people-route-options.ts'

export function getMailChoicesRoute(options: PeopleRouteOptions): Route {
  return personRoute(options, getMailChoices, async (_input, signedIn, context) => ({
    json: await options.mailChoices.get(signedIn, originOf(context)),
  }))
}
