import type { WireAdvancedSettings } from '../../../contract/licenses.ts'
import { AppError, badRequest, notFound } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import type { TaskDefinition } from '../../platform/tasks/index.ts'
import type { DialPlanChange, DialPlanRule } from '../../sbc/index.ts'
import type { SbcWork } from '../sbcs/index.ts'
import {
  mayChangeConnection,
  mayDeleteConnection,
  mayWorkOn,
  type SipConnection,
  serviceStore,
  sipConnectionStore,
} from '../services/index.ts'
import {
  type AddedConnection,
  type ChangedConnection,
  type ConnectionFacts,
  insertConnection,
  type RemovedConnection,
} from './connection.tasks.ts'
import { isOwnTag } from './dial-plan.rules.ts'
import type { DialPlanAsked } from './dial-plan.task.ts'
import { isTrunkVariable, variableFlaws } from './given-variables.ts'
import { newConnectionOf, scriptVariables } from './license-order.ts'
import { modelOf } from './license-problems.ts'
import { withTrunk } from './sbc-choice.ts'
import { startOnService } from './service-task.ts'
import { type SecretsOf, type SipPasswords, scriptsOf, splitVariables } from './sip-passwords.ts'

export type ConnectionTasks = {
  add: TaskDefinition<AddedConnection>
  change: TaskDefinition<ChangedConnection>
  remove: TaskDefinition<RemovedConnection>
  dialPlan: TaskDefinition<DialPlanAsked>
}

export type ConnectionChangeAsked = Partial<
  Pick<
    WireAdvancedSettings,
    | 'connectionName'
    | 'cacProfile'
    | 'proxySet'
    | 'carrierHostName'
    | 'carrierMainLine'
    | 'carrierUserName'
    | 'carrierPassword'
    | 'variables'
  >
>

export type ConnectionService = ReturnType<typeof createConnectionService>

/** Further SIP connections of a service: each change is a task. */
export function createConnectionService(options: {
  transact: Transact
  tasks: ConnectionTasks
  sbcs: SbcWork
  passwords: SipPasswords
  secretsOf: SecretsOf
}) {
  const { transact, tasks, sbcs, passwords, secretsOf } = options

  return {
    async add(principal: OperatorPrincipal, serviceId: string, asked: WireAdvancedSettings) {
      demandFurther(asked.variables)
      const model = modelOf(asked)
      if (model === 'ip-group' && !asked.proxySet?.trim()) {
        throw badRequest([
          { pointer: '/body/proxySet', detail: 'IP groups need a proxy set: give its name on the SBC.' },
        ])
      }
      const service = await transact(principal, (tx) => serviceStore(tx).find(serviceId))
      if (!service) throw notFound('The service')
      const { carrierPassword = null, model: _model, ...advanced } = asked
      const connectionId = newId()
      const whole = newConnectionOf({ ...service, model, connectionId }, advanced)
      await sbcs.render(principal.operatorId, {
        templateId: whole.onboardingScript ?? 0,
        variables: scriptVariables(
          service,
          withTrunk(whole, await sbcs.devices(principal.operatorId)),
          carrierPassword,
        ),
      })
      const { plain, sealed } = splitVariables(whole.variables, await secretsOf(principal.operatorId, scriptsOf(whole)))
      const connection = { ...whole, variables: plain }
      return transact(principal, async (tx) => {
        const input = { serviceId, connectionId, connection }
        const started = await startOnService(tx, tasks.add, serviceId, {
          may: mayWorkOn,
          title: ({ fullName }) => `Add the SIP connection ${connection.name} to ${fullName}`,
          input: () => input,
        })
        await insertConnection(tx, input)
        const secrets = { password: carrierPassword, variables: sealed }
        await passwords.keep(tx, connectionId, service.channelId, secrets)
        return { ...started, connectionId }
      })
    },

    async change(principal: OperatorPrincipal, connectionId: string, asked: ConnectionChangeAsked) {
      demandFurther(asked.variables)
      const known = await transact(principal, (tx) => sipConnectionStore(tx).find(connectionId))
      if (!known) throw notFound('The SIP connection')
      const secret = await secretsOf(principal.operatorId, scriptsOf(known))
      return transact(principal, async (tx) => {
        const connection = await sipConnectionStore(tx).find(connectionId)
        if (!connection) throw notFound('The SIP connection')
        // What was written down before its template called it a secret is sealed now.
        const stored = splitVariables(connection.variables, secret)
        const given = splitVariables(asked.variables ?? {}, secret)
        const before = { ...factsOf(connection), variables: stored.plain }
        const after = changed(before, {
          ...asked,
          ...(asked.variables && { variables: { ...given.plain, ...trunkOf(stored.plain) } }),
        })
        const input = { serviceId: connection.serviceId, connectionId, was: connection.deployment, before, after }
        if (connection.model === 'ip-group' && input.after.proxySet === null) {
          throw badRequest([{ pointer: '/body/proxySet', detail: 'IP groups need a proxy set.' }])
        }
        const started = await startOnService(tx, tasks.change, connection.serviceId, {
          may: (service) => mayChangeConnection(service, connection),
          title: ({ fullName }) => `Change the SIP connection ${connection.name} of ${fullName}`,
          input: () => input,
        })
        const variables = { ...stored.sealed, ...given.sealed }
        await passwords.keep(tx, connectionId, connection.channelId, {
          password: asked.carrierPassword ?? null,
          variables,
        })
        return started
      })
    },

    remove: (principal: OperatorPrincipal, connectionId: string) =>
      transact(principal, async (tx) => {
        const connection = await sipConnectionStore(tx).find(connectionId)
        if (!connection) throw notFound('The SIP connection')
        const started = await startOnService(tx, tasks.remove, connection.serviceId, {
          may: (service) => mayDeleteConnection(service, connection),
          title: ({ fullName }) => `Take the SIP connection ${connection.name} off ${fullName}`,
          input: () => ({ serviceId: connection.serviceId, connectionId, was: connection.deployment }),
        })
        const service = await serviceStore(tx).lock(connection.serviceId)
        if (service) await sipConnectionStore(tx).update(service, connectionId, { deployment: 'Removing' })
        return started
      }),

    /** Rules of this customer alone, of a plan that all may share; none where the device cannot be asked. */
    async dialPlan(
      principal: OperatorPrincipal,
      serviceId: string,
      connectionId: string,
      dialPlanId: string,
      signal: AbortSignal,
    ): Promise<DialPlanRule[]> {
      const { service, connection } = await transact(principal, (tx) => findBoth(tx, serviceId, connectionId))
      if (connection.sbcId === null) return []
      const rules = await sbcs.dialPlan(principal.operatorId, connection.sbcId, dialPlanId, signal)
      return (rules ?? []).filter(({ tag }) => isOwnTag(tag, service))
    },

    changeDialPlan: (
      principal: OperatorPrincipal,
      serviceId: string,
      connectionId: string,
      dialPlanId: string,
      asked: { add: { name: string; prefix: string; tag?: string | null }[]; remove: { prefix: string }[] },
    ) =>
      transact(principal, async (tx) => {
        const { service, connection } = await findBoth(tx, serviceId, connectionId)
        const { sbcId } = connection
        if (sbcId === null) {
          const detail = 'The SIP connection is on no SBC of its own.'
          throw new AppError({ code: 'connection-without-sbc', status: 409, detail })
        }
        const add = asked.add.map(({ name, prefix, tag }) => ({ name, prefix, tag: tag?.trim() || service.shortName }))
        const wrong = add.findIndex(({ tag }) => !isOwnTag(tag, service))
        if (wrong >= 0) {
          const detail = `The tag has to hold the short name ${service.shortName}, or the tenant id.`
          throw badRequest([{ pointer: `/body/add/${wrong}/tag`, detail }])
        }
        const change: DialPlanChange = { add, remove: asked.remove.map(({ prefix }) => ({ prefix })) }
        const { shortName, tenantId } = service
        return startOnService(tx, tasks.dialPlan, serviceId, {
          may: (now) => mayChangeConnection(now, connection),
          title: ({ fullName }) => `Change rules of ${fullName} in ${dialPlanId}`,
          input: () => ({ serviceId, shortName, tenantId, sbcId, dialPlanId, change }),
        })
      }),

    /** The connection that a documented caller means: the named one, or the only one of the customer. */
    async only(principal: OperatorPrincipal, serviceId: string, connectionId: string | null): Promise<SipConnection> {
      const all = await transact(principal, (tx) => sipConnectionStore(tx).ofService(serviceId))
      const found = connectionId === null ? all : all.filter((one) => one.connectionId === connectionId)
      const [first, ...others] = found
      if (!first) throw notFound('The SIP connection')
      if (others.length === 0) return first
      const detail = `The customer has ${all.length} SIP connections: say which one by sbcSiteGuid.`
      throw new AppError({
        code: 'bad-request',
        status: 400,
        detail,
        errors: [{ pointer: '/body/sbcSiteGuid', detail }],
      })
    },
  }
}

/** The trunk that was chosen with the connection: it stays as long as its device does. */
function trunkOf(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => isTrunkVariable(name)))
}

/** Throws 400 naming every variable that is not the asker's to give. */
function demandFurther(variables: Record<string, string> | undefined): void {
  const flaws = variableFlaws(variables)
  if (flaws.length === 0) return
  throw badRequest(flaws.map(({ name, detail }) => ({ pointer: `/body/variables/${name}`, detail })))
}

async function findBoth(tx: Tx, serviceId: string, connectionId: string) {
  const service = await serviceStore(tx).find(serviceId)
  const connection = await sipConnectionStore(tx).find(connectionId)
  if (!service || service.state === 'Creating' || connection?.serviceId !== serviceId) {
    throw notFound('The SIP connection')
  }
  return { service, connection }
}

function factsOf(connection: SipConnection): ConnectionFacts {
  const { name, cacProfile, proxySet, carrierHostName, carrierUserName, carrierMainLine, variables } = connection
  return { name, cacProfile, proxySet, carrierHostName, carrierUserName, carrierMainLine, variables }
}

function changed(before: ConnectionFacts, asked: ConnectionChangeAsked): ConnectionFacts {
  const kept = (value: string | null | undefined, was: string | null) =>
    value === undefined ? was : value?.trim() || null
  return {
    name: kept(asked.connectionName, before.name) ?? before.name,
    cacProfile: kept(asked.cacProfile, before.cacProfile),
    proxySet: kept(asked.proxySet, before.proxySet),
    carrierHostName: kept(asked.carrierHostName, before.carrierHostName),
    carrierUserName: kept(asked.carrierUserName, before.carrierUserName),
    carrierMainLine: kept(asked.carrierMainLine, before.carrierMainLine),
    variables: asked.variables ?? before.variables,
  }
}
