import { ADOPTED_ROWS_MAX, type ConnectionModel, type WireAdoptedRow } from '../../../contract/services.ts'
import { AppError, badRequest, messageOf } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { emit } from '../../platform/events/index.ts'
import type { SbcObject } from '../../sbc/index.ts'
import { journal } from '../audit/index.ts'
import { type LeadSource, type LicensableLead, leadLicense } from '../leads/index.ts'
import type { SbcWork } from '../sbcs/index.ts'
import { makeService, objectOf, requireCustomer, serviceStore } from '../services/index.ts'
import { type AdoptionAsked, type AdoptionFlaw, type ReadRow, readAdoption, readAdoptionCsv } from './adoption-rows.ts'
import { ownerOfService } from './license-order.ts'
import { serviceFacts } from './service-events.ts'

type Asked = {
  service?: {
    tenantId: string
    shortName: string
    fullName?: string
    lcCustomerId?: number | null
    license?: string
    serviceId?: string
    sbcId?: number | null
  }
  csv?: string
  dryRun?: boolean
}

export type AdoptionService = ReturnType<typeof createAdoptionService>

/** What was live before Leadline becomes a service, with no outward effect. Source: issue 7, 4. */
export function createAdoptionService({
  transact,
  source,
  sbcs,
}: {
  transact: Transact
  source: LeadSource
  sbcs: SbcWork
}) {
  async function adoptRow(
    principal: OperatorPrincipal,
    { asked, flaws }: ReadRow,
    dryRun: boolean,
    look: { microsoft: boolean; signal: AbortSignal },
  ): Promise<WireAdoptedRow> {
    const row = { line: asked.line, tenantId: asked.tenantId, shortName: asked.shortName }
    const refused = (all: AdoptionFlaw[], found: string[] = []): WireAdoptedRow => ({
      ...row,
      outcome: 'refused',
      serviceId: null,
      flaws: all,
      found,
    })
    if (flaws.length > 0) return refused(flaws)
    const { lead, inTheWay } = await transact(principal, (tx) => lookUpAdoption(tx, asked))
    const found = lead ? [`The lead ${lead.companyName ?? lead.leadId}, ${lead.status}.`] : []
    if (!lead || inTheWay.length > 0) return refused(inTheWay, found)
    if (look.microsoft) found.push(await atMicrosoft(principal, asked.tenantId, look.signal))
    const onDevice = asked.sbcId === null ? [] : await objectsOn(principal, asked.sbcId, asked, look.signal)
    if (onDevice instanceof AppError) return refused([{ code: onDevice.code, detail: onDevice.message }], found)
    for (const { table, name } of onDevice) found.push(`${table} ${name} on the SBC.`)
    const serviceId = asked.serviceId ?? lead.umpCustomerGuid ?? newId()
    if (dryRun) return { ...row, outcome: 'ready', serviceId, flaws: [], found }
    try {
      await transact(principal, (tx) => adoptLead(tx, asked, lead.leadId, serviceId, onDevice.length > 0))
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error
      return refused([{ code: error.code, detail: error.message }], found)
    }
    if (asked.sbcId !== null && onDevice.length > 0) {
      await sbcs.adoptObjects(principal, asked.sbcId, ownerOfService(serviceId), onDevice)
    }
    return { ...row, outcome: 'adopted', serviceId, flaws: [], found }
  }

  /** What is on the device under the names the service would have. */
  async function objectsOn(
    { operatorId }: OperatorPrincipal,
    sbcId: number,
    { shortName }: AdoptionAsked,
    signal: AbortSignal,
  ): Promise<SbcObject[] | AppError> {
    try {
      return await sbcs.findObjects(operatorId, sbcId, [`${shortName}-c`, `${shortName}-t`, shortName], signal)
    } catch (error) {
      if (signal.aborted) throw error
      const code = (error as { code?: unknown }).code
      return new AppError({
        code: typeof code === 'string' ? code : 'sbc-unreachable',
        status: 409,
        detail: messageOf(error),
      })
    }
  }

  async function atMicrosoft(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<string> {
    try {
      const { remote } = await source.recordOf(principal, tenantId, signal)
      return `Microsoft calls the tenant ${remote.status}.`
    } catch (error) {
      if (signal.aborted) throw error
      return messageOf(error)
    }
  }

  return {
    /** Row by row; those that cannot be adopted do not stop the others. Asks outside between its transactions. */
    async adopt(principal: OperatorPrincipal, asked: Asked, signal: AbortSignal): Promise<WireAdoptedRow[]> {
      const rows = readRows(asked)
      const seen = new Set<string>()
      const adopted: WireAdoptedRow[] = []
      for (const row of rows) {
        const name = row.asked.shortName.toLowerCase()
        if (seen.has(name) || seen.has(row.asked.tenantId)) {
          row.flaws.push({ code: 'twice', detail: 'The short name or the tenant stands in the file twice.' })
        }
        seen.add(name).add(row.asked.tenantId)
        // Of a whole file Microsoft is not asked tenant by tenant: the leads say what it last told.
        adopted.push(await adoptRow(principal, row, asked.dryRun ?? false, { microsoft: rows.length === 1, signal }))
      }
      return adopted
    },
  }
}

function readRows({ service, csv }: Asked): ReadRow[] {
  if ((service === undefined) === (csv === undefined)) {
    throw badRequest([{ pointer: '/body', detail: 'Give either service or csv.' }])
  }
  if (service) return [readAdoption(service, 1)]
  const file = readAdoptionCsv(csv ?? '', ADOPTED_ROWS_MAX)
  if (!file.ok) throw badRequest([{ pointer: '/body/csv', detail: file.detail }])
  return file.rows
}

/** The lead that would be adopted, and everything that is in the way. */
export async function lookUpAdoption(
  tx: Tx,
  asked: AdoptionAsked,
): Promise<{ lead: LicensableLead | null; inTheWay: AdoptionFlaw[] }> {
  const inTheWay: AdoptionFlaw[] = []
  const leads = await leadLicense.ofTenant(tx, asked.tenantId)
  // The one that says that it has a license, else the one that could have one.
  const lead = leads.find(({ umpCustomerGuid }) => umpCustomerGuid !== null) ?? leads[0] ?? null
  if (!lead)
    return { lead, inTheWay: [{ code: 'no-lead', detail: 'There is no lead of this tenant: sync the leads first.' }] }
  if (lead.processing === 'Updating') {
    inTheWay.push({ code: 'lead-updating', detail: 'A task is at work on the lead: wait for its end.' })
  }
  if (asked.serviceId && lead.umpCustomerGuid && asked.serviceId !== lead.umpCustomerGuid) {
    inTheWay.push({ code: 'service-id', detail: `The lead has the service id ${lead.umpCustomerGuid}.` })
  }
  const service = await serviceStore(tx).ofTenant(asked.tenantId)
  if (service)
    inTheWay.push({ code: 'service-exists', detail: `The tenant has the service ${service.shortName} already.` })
  else if ((await serviceStore(tx).namesInUse([asked.shortName])).size > 0) {
    inTheWay.push({ code: 'short-name-in-use', detail: 'Another service has this short name.' })
  }
  try {
    if (asked.lcCustomerId !== null) await requireCustomer(tx, asked.lcCustomerId, lead.channelId)
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    inTheWay.push({ code: 'lc-customer-id', detail: error.errors?.[0]?.detail ?? error.message })
  }
  return { lead, inTheWay }
}

/** Makes the service, and gives the lead its license; nobody outside is told. */
export async function adoptLead(
  tx: Tx,
  asked: AdoptionAsked,
  leadId: string,
  serviceId: string,
  hasObjects: boolean,
  model: ConnectionModel = hasObjects ? 'ip-group' : 'tenant',
) {
  const lead = await leadLicense.lock(tx, leadId)
  if (!lead) throw new AppError({ code: 'not-found', status: 404, detail: 'The lead is gone.' })
  const { tenantId, shortName, license, lcCustomerId } = asked
  const { channelId } = lead
  const fullName = asked.fullName ?? lead.companyName ?? shortName
  const service = {
    ...{ serviceId, tenantId, channelId, leadId, lcCustomerId, shortName, fullName, license, model },
    ...{ state: 'Active' as const, origin: 'adopted' as const, callingProfileId: null, taskId: null },
  }
  await leadLicense.grant(tx, lead, serviceId, license)
  await makeService(tx, service, {
    ...{ connectionId: newId(), serviceId, channelId, tenantId, name: shortName, model, sbcId: asked.sbcId },
    ...{ deployment: hasObjects ? ('Deployed' as const) : ('None' as const), deploymentDetail: null },
    ...{ cacProfile: null, proxySet: null, carrierHostName: null, carrierUserName: null, carrierMainLine: null },
    ...{
      onboardingScript: null,
      cleanupScript: null,
      addNumbersScript: null,
      removeNumbersScript: null,
      variables: {},
    },
  })
  const facts = { ...serviceFacts(service), leadId }
  await journal(tx).append({ action: 'service.adopted', object: objectOf(service), channelId, after: facts })
  await emit(tx, { name: 'service.adopted', channelId, key: `service/${serviceId}`, payload: facts })
}
