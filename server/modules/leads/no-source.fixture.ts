import type { LeadSource } from './lead-source.ts'

const nobody = () => Promise.reject(new Error('not asked in this test'))

/** Microsoft, for tests that must not ask it. */
export const noSource: LeadSource = {
  fetchTenant: nobody,
  civicAddresses: nobody,
  askForAddressesSoon: nobody,
  waitForSync: nobody,
  createDirect: nobody,
  deleteDirect: nobody,
  recordOf: nobody,
  setRelationship: nobody,
  tenantOfDomain: nobody,
}
