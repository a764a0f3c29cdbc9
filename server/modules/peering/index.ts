export { SYNC_ADDRESSES_JOB, syncAddressesJob } from './jobs/sync-addresses-job.ts'
export { SYNC_LEADS_JOB, syncLeadsJob } from './jobs/sync-leads-job.ts'
export { createLeadSource, type WaitForSync } from './lead-source.ts'
export { createMicrosoftClients, type MicrosoftClients } from './microsoft-clients.ts'
