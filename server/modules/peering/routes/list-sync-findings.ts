import { listSyncFindings } from '../../../../contract/sync-findings.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { FindingService } from '../finding.service.ts'

export function listSyncFindingsRoute(findings: FindingService): Route {
  return route(listSyncFindings, async (_input, { principal }) => ({ json: { data: await findings.list(principal) } }))
}
