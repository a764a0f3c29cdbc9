import { listRoles, roleMatrix } from '../../../../contract/roles.ts'
import { type Route, route } from '../../../platform/http/index.ts'

export function listRolesRoute(): Route {
  return route(listRoles, async () => ({ json: roleMatrix }))
}
