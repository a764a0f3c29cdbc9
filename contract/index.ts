import { createClient, getClient, listClients, revokeClient, rotateClientSecret, updateClient } from './clients.ts'
import { getConnection, listConnections, setConnection, testConnection } from './connections.ts'
import type { Endpoint } from './endpoint.ts'
import { getRun, listJobRuns, listJobs, startJobRun } from './jobs.ts'
import { listJournalEntries, verifyJournal } from './journal.ts'
import { getDeskLead, listDeskLeads, listLeads } from './leads.ts'
import {
  getDocs,
  getDocsAsset,
  getErrorDocs,
  getLiveness,
  getMetrics,
  getOpenApi,
  getOpenIdConfiguration,
  getReadiness,
  getSigningKeys,
} from './service.ts'
import { listSyncFindings } from './sync-findings.ts'
import { createTenantToken, createToken } from './tokens.ts'

/** Every public endpoint, in the order of openapi.json. The route table of the server has the same ones. */
export const endpoints: readonly Endpoint[] = [
  listLeads,
  listDeskLeads,
  getDeskLead,
  listConnections,
  getConnection,
  setConnection,
  testConnection,
  listClients,
  createClient,
  getClient,
  updateClient,
  rotateClientSecret,
  revokeClient,
  listJobs,
  listJobRuns,
  startJobRun,
  getRun,
  listSyncFindings,
  listJournalEntries,
  verifyJournal,
  createToken,
  createTenantToken,
  getSigningKeys,
  getOpenIdConfiguration,
  getLiveness,
  getReadiness,
  getMetrics,
  getOpenApi,
  getDocs,
  getDocsAsset,
  getErrorDocs,
]
