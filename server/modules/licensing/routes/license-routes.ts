import { createCustomer, createCustomerFromLead } from '../../../../contract/customers.ts'
import { applyLicense, previewLicense } from '../../../../contract/licenses.ts'
import { badRequest } from '../../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../../kernel/principal.ts'
import { type Answer, type Problem, type Route, route, validationProblem } from '../../../platform/http/index.ts'
import { readTenantId } from '../../leads/index.ts'
import { type TaskService, taskAnswer } from '../../tasks/index.ts'
import { type CustomerBody, readCustomerBody } from '../customer-request.ts'
import type { LicenseService } from '../license.service.ts'
import { PARAMETER_FIELDS } from './documented-fields.ts'
import { documentedTask } from './documented-task.ts'

export type LicenseRouteOptions = { licenses: LicenseService; tasks: TaskService }

/** "Change Status" in our own form and in the documented ones. */
export function licenseRoutes({ licenses, tasks }: LicenseRouteOptions): Route[] {
  async function create(principal: OperatorPrincipal, body: CustomerBody): Promise<string> {
    const request = readCustomerBody(body)
    if (!request.ok) throw badRequest(request.flaws)
    const lead = await licenses.leadOf(principal, request.target)
    if (request.channelId !== null && request.channelId !== lead.channelId) {
      const detail = 'The lead is in another channel: assign it first, or leave channelId out.'
      throw badRequest([{ pointer: '/body/channelId', detail }])
    }
    const { taskId } = await licenses.applyOnTrunk(principal, lead.leadId, request.asked, request.gateway)
    return taskId
  }

  return [
    route(previewLicense, async ({ params, body }, { principal, signal }) => ({
      json: await licenses.preview(principal, params.leadId, body, signal),
    })),
    route(applyLicense, async ({ params, body }, { principal }) => {
      const { taskId } = await licenses.apply(principal, params.leadId, body)
      return taskAnswer(await tasks.started(principal, taskId))
    }),
    route(
      createCustomer,
      async ({ body }, { principal }) => {
        const taskId = await create(principal, body)
        return documentedTask(taskId, { jobId: taskId })
      },
      { presentError: documented },
    ),
    route(
      createCustomerFromLead,
      async ({ query, body }, { principal }) => {
        const { statusChange, ...rest } = body
        if (statusChange.replace(/\s/g, '').toLowerCase() !== 'ocessential') {
          throw badRequest([{ pointer: '/body/statusChange', detail: 'Not known: give OCEssential.' }])
        }
        const target = readTenantId(query.msTenantID ?? '')
        if (target === null) throw badRequest([{ pointer: '/query/msTenantID', detail: TENANT_WANTED }])
        const asked = { ...rest, configurationName: 'OcEssential_TENANT_TYPE', msTenantID: target }
        const taskId = await create(principal, asked)
        return documentedTask(taskId, taskId)
      },
      { presentError: documented },
    ),
  ]
}

const TENANT_WANTED = "Give the customer's tenant id, or the id of its lead: a GUID."

/** Names of our own body under those of the documented one. */
const NAMES: Record<string, string> = {
  '/body/shortName': '/body/CustomerShortName',
  '/body/fullName': '/body/CustomerFullName',
  '/body/lcCustomerId': '/body/LcCustomerId',
  '/body/advanced/sbcId': '/body/siteLocation/sbcId',
  '/body/advanced/connectionName': '/body/siteLocation/siteLocationName',
  '/body/advanced/onboardingScript': '/body/siteLocation/sbcOnboardingScript',
  '/body/advanced/cleanupScript': '/body/siteLocation/sbcCleanupScript',
  ...Object.fromEntries(
    Object.entries(PARAMETER_FIELDS).map(([field, name]) => [`/body/advanced/${field}`, `/body/${name}`]),
  ),
}

/** Refusals that the documented API knows as flaws of the body only. */
const AS_FLAWS = [
  ...['lead-not-active', 'lead-licensed', 'lead-updating', 'service-exists', 'short-name-in-use'],
  ...['license-pool-exhausted', 'script-variables'],
]

/** 404 for a lead that is not there is the documented bare string; refusals are 400 by field. Source: rest-api.md 1.6, L3. */
function documented(problem: Problem): Answer {
  if (problem.code === 'not-found' && problem.detail.startsWith('The lead ')) return { json: 'Invalild lead' }
  if (problem.errors?.some(({ pointer }) => !pointer.startsWith('/body'))) return validationProblem(problem)
  const errors = (problem.errors ?? []).map(({ pointer, detail }) => ({
    pointer:
      NAMES[pointer] ??
      pointer.replace('/body/advanced/variables/', '/body/scriptParameters/').replace('/body/advanced/', '/body/'),
    detail,
  }))
  if (problem.status === 400) return validationProblem({ ...problem, errors })
  if (!AS_FLAWS.includes(problem.code)) {
    return { json: problem, contentType: 'application/problem+json' }
  }
  const all = errors.length > 0 ? errors : [{ pointer: '/body/MsTenantId', detail: problem.detail }]
  return { status: 400, ...validationProblem({ ...problem, status: 400, errors: all }) }
}
