import type { Migration } from 'kysely/migration'
import * as foundation from './0001-foundation.ts'
import * as access from './0002-access.ts'
import * as audit from './0003-audit.ts'
import * as events from './0004-events.ts'
import * as jobs from './0005-jobs.ts'
import * as leads from './0006-leads.ts'
import * as operators from './0007-operators.ts'
import * as peering from './0008-peering.ts'
import * as people from './0009-people.ts'
import * as operatorNames from './0010-operator-names.ts'
import * as oversight from './0011-oversight.ts'
import * as tasks from './0012-tasks.ts'
import * as channels from './0013-channels.ts'
import * as masterKeyRotation from './0014-master-key-rotation.ts'
import * as leadReferences from './0015-lead-references.ts'
import * as directLeads from './0016-direct-leads.ts'
import * as runScope from './0017-run-scope.ts'
import * as hastyFailures from './0018-hasty-failures.ts'
import * as operatorSettings from './0019-operator-settings.ts'
import * as webhooks from './0020-webhooks.ts'
import * as notices from './0021-notices.ts'
import * as mail from './0022-mail.ts'
import * as customerMail from './0023-customer-mail.ts'
import * as leadDuties from './0025-lead-duties.ts'
import * as views from './0027-views.ts'
import * as sbcs from './0028-sbcs.ts'
import * as callingProfiles from './0029-calling-profiles.ts'
import * as services from './0030-services.ts'
import * as licenses from './0031-licenses.ts'
import * as leadsByService from './0032-leads-by-service.ts'
import * as servicesMoveWithLeads from './0033-services-move-with-leads.ts'
import * as connectionObjects from './0034-connection-objects.ts'
import * as sealedVariables from './0035-sealed-variables.ts'
import * as doers from './0036-doers.ts'
import * as leadTraces from './0037-lead-traces.ts'
import * as toldTroubles from './0038-told-troubles.ts'

/** Every migration in order; forward only, never edited once released. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-access': access,
  '0003-audit': audit,
  '0004-events': events,
  '0005-jobs': jobs,
  '0006-leads': leads,
  '0007-operators': operators,
  '0008-peering': peering,
  '0009-people': people,
  '0010-operator-names': operatorNames,
  '0011-oversight': oversight,
  '0012-tasks': tasks,
  '0013-channels': channels,
  '0014-master-key-rotation': masterKeyRotation,
  '0015-lead-references': leadReferences,
  '0016-direct-leads': directLeads,
  '0017-run-scope': runScope,
  '0018-hasty-failures': hastyFailures,
  '0019-operator-settings': operatorSettings,
  '0020-webhooks': webhooks,
  '0021-notices': notices,
  '0022-mail': mail,
  '0023-customer-mail': customerMail,
  '0025-lead-duties': leadDuties,
  '0027-views': views,
  '0028-sbcs': sbcs,
  '0029-calling-profiles': callingProfiles,
  '0030-services': services,
  '0031-licenses': licenses,
  '0032-leads-by-service': leadsByService,
  '0033-services-move-with-leads': servicesMoveWithLeads,
  '0034-connection-objects': connectionObjects,
  '0035-sealed-variables': sealedVariables,
  '0036-doers': doers,
  '0037-lead-traces': leadTraces,
  '0038-told-troubles': toldTroubles,
}
