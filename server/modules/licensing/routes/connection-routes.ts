import {
  addSipConnection,
  addSiteLocation,
  changeSipConnection,
  changeSiteDialPlan,
  changeSiteLocation,
  deleteSiteLocation,
  getSiteDialPlan,
  removeSipConnection,
} from '../../../../contract/sip-connections.ts'
import { badRequest, type FieldError, notFound } from '../../../kernel/errors.ts'
import { isGuid } from '../../../kernel/ids.ts'
import { type Problem, type Route, route } from '../../../platform/http/index.ts'
import { customerBodyProblem, customerProblem } from '../../services/index.ts'
import { type TaskService, taskAnswer } from '../../tasks/index.ts'
import type { ConnectionService } from '../connection.service.ts'
import { readId, readParameters } from '../customer-request.ts'
import { PARAMETER_FIELDS } from './documented-fields.ts'
import { documentedTask } from './documented-task.ts'

export type ConnectionRouteOptions = { sipConnections: ConnectionService; tasks: TaskService }

/** Further SIP connections, in our own form and in the documented one. Source: rest-api.md S2 to S4. */
export function connectionRoutes({ sipConnections, tasks }: ConnectionRouteOptions): Route[] {
  const documented = { presentError: customerProblem }
  const withBody = { presentError: (problem: Problem) => customerBodyProblem(underTheirNames(problem)) }
  return [
    route(addSipConnection, async ({ params, body }, { principal }) => {
      const { taskId } = await sipConnections.add(principal, params.serviceId, body)
      return taskAnswer(await tasks.started(principal, taskId))
    }),
    route(changeSipConnection, async ({ params, body }, { principal }) => {
      const { taskId } = await sipConnections.change(principal, params.connectionId, body)
      return taskAnswer(await tasks.started(principal, taskId))
    }),
    route(removeSipConnection, async ({ params }, { principal }) => {
      const { taskId } = await sipConnections.remove(principal, params.connectionId)
      return taskAnswer(await tasks.started(principal, taskId))
    }),
    route(
      addSiteLocation,
      async ({ params, body }, { principal }) => {
        const { id, flaw, done } = reading()
        const sbcId = id(body.sbcId, 'sbcId')
        if (sbcId === null) flaw('sbcId', 'Missing: give the SBC that it is made on.')
        const type = body.ovocCustomerType?.trim().toUpperCase()
        if (type && type !== 'IPGROUP_TYPE')
          flaw('ovocCustomerType', 'A further SIP connection has IP groups: IPGROUP_TYPE.')
        const settings = {
          sbcId: sbcId ?? 0,
          connectionName: body.siteLocationName ?? null,
          onboardingScript: id(body.sbcOnboardingScript, 'sbcOnboardingScript'),
          cleanupScript: id(body.sbcCleanupScript, 'sbcCleanupScript'),
          ...readParameters(body.scriptParameters ?? {}, flaw),
        }
        done()
        const { taskId } = await sipConnections.add(principal, guidOf(params.customerGuid), settings)
        return documentedTask(taskId, taskId)
      },
      withBody,
    ),
    route(
      changeSiteLocation,
      async ({ params, body }, { principal }) => {
        const { id, flaw, done } = reading()
        const { scriptParameters, sbcSiteGuid, enableCAC, flagCarrierRegistration } = body
        const sbcId = id(body.sbcId, 'sbcId')
        const settings = {
          ...readParameters(scriptParameters ?? {}, flaw),
          ...(body.sbcSiteName != null && { connectionName: body.sbcSiteName }),
          ...(body.CacProfile != null && { cacProfile: body.CacProfile }),
          ...(enableCAC === false && { cacProfile: null }),
          ...(flagCarrierRegistration === false && { carrierUserName: null }),
        }
        if (body.flagConfigureSbc === false) {
          flaw('flagConfigureSbc', 'What is written down and what is on the SBC would differ: leave it out.')
        }
        done()
        const named = sbcSiteGuid == null ? null : guidOf(sbcSiteGuid)
        const connection = await sipConnections.only(principal, guidOf(params.customerGuid), named)
        if (sbcId !== null && sbcId !== connection.sbcId) {
          const detail = 'It is on another SBC: delete it there, then add it here.'
          throw badRequest([{ pointer: '/body/sbcId', detail }])
        }
        const { taskId } = await sipConnections.change(principal, connection.connectionId, settings)
        return documentedTask(taskId, taskId)
      },
      withBody,
    ),
    route(
      getSiteDialPlan,
      async ({ params }, { principal, signal }) => {
        const { dialPlanId } = params
        const [customer, site] = [guidOf(params.customerGuid), guidOf(params.siteLocationId)]
        const ruleDTO = await sipConnections.dialPlan(principal, customer, site, dialPlanId, signal)
        return { json: { dialPlanId, ruleDTO } }
      },
      documented,
    ),
    route(
      changeSiteDialPlan,
      async ({ params, body }, { principal }) => {
        const { dialPlanId } = params
        if (body.dialPlanId != null && body.dialPlanId !== dialPlanId) {
          const detail = 'Does not agree with the address: leave it out.'
          throw badRequest([{ pointer: '/body/dialPlanId', detail }])
        }
        const [customer, site] = [guidOf(params.customerGuid), guidOf(params.siteLocationId)]
        const asked = { add: body.add ?? [], remove: body.remove ?? [] }
        const { taskId } = await sipConnections.changeDialPlan(principal, customer, site, dialPlanId, asked)
        return documentedTask(taskId, taskId)
      },
      withBody,
    ),
    route(
      deleteSiteLocation,
      async ({ params }, { principal }) => {
        const { taskId } = await sipConnections.remove(principal, guidOf(params.siteLocationId))
        const json = { status: true, msg: 'queued', sbcCleanupTaskId: taskId, o365CleanupTask: 'tsk_0' }
        return documentedTask(taskId, json)
      },
      documented,
    ),
  ]
}

/** Reads the fields of a documented body; `done` throws what was wrong with them. */
function reading() {
  const flaws: FieldError[] = []
  const flaw = (field: string, detail: string) => void flaws.push({ pointer: `/body/${field}`, detail })
  return {
    flaw,
    id: (value: string | number | null | undefined, field: string) => readId(value, field, flaw),
    done() {
      if (flaws.length > 0) throw badRequest(flaws)
    },
  }
}

function underTheirNames(problem: Problem): Problem {
  const errors = problem.errors?.map(({ pointer, detail }) => {
    const name = PARAMETER_FIELDS[pointer.replace('/body/', '')]
    return { pointer: name === undefined ? pointer : `/body/${name}`, detail }
  })
  return { ...problem, ...(errors && { errors }) }
}

/** What is no GUID is nobody's id. */
function guidOf(text: string): string {
  const id = text.trim().toLowerCase()
  if (!isGuid(id)) throw notFound('It')
  return id
}
