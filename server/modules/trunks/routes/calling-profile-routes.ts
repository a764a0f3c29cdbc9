import {
  getCallingProfile,
  listCallingProfiles,
  listDocumentedCallingProfiles,
} from '../../../../contract/calling-profiles.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CallingProfileService } from '../calling-profile.service.ts'
import { documentedCallingProfile, wireCallingProfile } from '../calling-profile.view.ts'

/** Calling profiles of Microsoft, read-only. */
export function callingProfileRoutes(profiles: CallingProfileService): Route[] {
  return [
    route(listCallingProfiles, async (_input, { principal }) => {
      const { profiles: data, syncedAt } = await profiles.list(principal)
      return { json: { data: data.map(wireCallingProfile), syncedAt: syncedAt?.toISOString() ?? null } }
    }),
    route(getCallingProfile, async ({ params }, { principal }) => ({
      json: wireCallingProfile(await profiles.get(principal, params.callingProfileId)),
    })),
    route(listDocumentedCallingProfiles, async (_input, { principal }) => {
      const { profiles: data } = await profiles.list(principal)
      return { json: data.filter(({ removedAt }) => removedAt === null).map(documentedCallingProfile) }
    }),
  ]
}
