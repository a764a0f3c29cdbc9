import type { Config } from './config.ts'
import { watchDutiesJob } from './modules/leads/index.ts'
import { trimMailsJob, writeDigestsJob } from './modules/mail/index.ts'
import { trimNoticesJob } from './modules/notices/index.ts'
import { watchSecretsJob } from './modules/operators/index.ts'
import { type MicrosoftClients, syncAddressesJob, syncLeadsJob, syncTrunksJob } from './modules/peering/index.ts'
import { checkDevicesJob, type Sbcs } from './modules/sbcs/index.ts'
import { recordUsageJob } from './modules/services/index.ts'
import { trimTasksJob } from './modules/tasks/index.ts'
import { trimDeliveriesJob, watchWebhooksJob } from './modules/webhooks/index.ts'
import type { JobDefinition } from './platform/jobs/index.ts'

/** Addresses change rarely, and a run without due tenants costs one query. */
const ADDRESSES_EVERY_SECONDS = 3_600
const ADDRESSES_EVERY_SECONDS_SANDBOX = 60

/** Profiles change when Microsoft's onboarding changes them; a device costs three calls. */
const LEAD_SYNCS_PER_TRUNK_SYNC = 12
const LEAD_SYNCS_PER_DEVICE_CHECK = 3

/** Every job there is, with its schedule. Its test is a snapshot. */
export function jobDefinitions(config: Config, clients: MicrosoftClients, sbcs: Pick<Sbcs, 'check'>): JobDefinition[] {
  const { intervalSeconds, addressCallsPerMinute } = config.sync
  const addressesEvery = config.sandbox.enabled ? ADDRESSES_EVERY_SECONDS_SANDBOX : ADDRESSES_EVERY_SECONDS
  return [
    { ...syncLeadsJob(clients, intervalSeconds), tellsFailures: true },
    {
      ...syncAddressesJob(clients, { everySeconds: addressesEvery, callsPerMinute: addressCallsPerMinute }),
      tellsFailures: true,
    },
    { ...syncTrunksJob(clients, LEAD_SYNCS_PER_TRUNK_SYNC * intervalSeconds), tellsFailures: true },
    checkDevicesJob(sbcs.check, LEAD_SYNCS_PER_DEVICE_CHECK * intervalSeconds),
    watchSecretsJob(),
    watchDutiesJob(),
    recordUsageJob(),
    trimTasksJob(),
    watchWebhooksJob(),
    trimDeliveriesJob(),
    writeDigestsJob(config.http.publicUrl),
    trimMailsJob(),
    trimNoticesJob(),
  ]
}
