import type { ConnectionModel } from '../../../contract/services.ts'
import { AppError, notFound } from '../../kernel/errors.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { defineTask, type StepContext } from '../../platform/tasks/index.ts'
import { journal } from '../audit/index.ts'
import { leadLicense } from '../leads/index.ts'
import { foldShortName, objectOf, requireCustomer, serviceStore, shortNameProposals } from '../services/index.ts'
import { adoptLead, lookUpAdoption } from './adoption.service.ts'
import type { AdoptionAsked } from './adoption-rows.ts'

/** `model`: how its calls reach the SBC; left out by older versions. */
export type ImportAsked = {
  serviceId: string
  tenantId: string | null
  lcCustomerId: number | null
  model?: ConnectionModel
}

/** A customer that was live before, under the id it has had; no outward effect. Source: rest-api.md C8. */
export const importCustomerTask = defineTask<ImportAsked>({
  kind: 'licensing.import-customer',
  summary: 'Takes a customer that was live before into the books',
  idForm: 'tsk',
  permissions: { see: 'services.read', run: 'services.write' },
  steps: [{ name: 'import', title: 'Take it into the books', run: (context) => importCustomer(context) }],
})

async function importCustomer({ transact, input, message }: StepContext<ImportAsked>) {
  const { serviceId, lcCustomerId } = input
  await transact(async (tx) => {
    const service = await serviceStore(tx).lock(serviceId)
    if (!service) return adoptNew(tx, input)
    if (lcCustomerId === null || service.lcCustomerId === lcCustomerId) return
    await requireCustomer(tx, lcCustomerId, service.channelId)
    await serviceStore(tx).update(service, { lcCustomerId })
    const { channelId } = service
    const before = { lcCustomerId: service.lcCustomerId }
    await journal(tx).append({
      action: 'service.changed',
      object: objectOf(service),
      channelId,
      before,
      after: { lcCustomerId },
    })
    await message(tx, 'Information', `It hangs on the LC customer ${lcCustomerId} now.`)
  })
  return { umpCustomerGuid: serviceId }
}

/** Under a short name made of its company's. */
async function adoptNew(tx: Tx, { serviceId, tenantId, lcCustomerId, model }: ImportAsked): Promise<void> {
  const [lead] = tenantId === null ? [] : await leadLicense.ofTenant(tx, tenantId)
  if (!lead || tenantId === null) throw notFound('The lead')
  const names = shortNameProposals(lead.companyName ?? '')
  const used = await serviceStore(tx).namesInUse(names)
  const shortName = names.find((name) => !used.has(foldShortName(name))) ?? `c${serviceId.slice(0, 13)}`
  const asked: AdoptionAsked = {
    ...{ line: 1, tenantId, shortName, fullName: null, lcCustomerId, license: 'OC Essential', serviceId, sbcId: null },
  }
  const { lead: chosen, inTheWay } = await lookUpAdoption(tx, asked)
  const [flaw] = inTheWay
  if (flaw || !chosen)
    throw new AppError({ code: 'adoption-refused', status: 409, detail: flaw?.detail ?? 'There is no lead.' })
  await adoptLead(tx, asked, chosen.leadId, serviceId, false, model)
}
