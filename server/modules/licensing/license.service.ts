import type { WireLicenseAsked, WireLicensePreview } from '../../../contract/licenses.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import { isGuid, newId } from '../../kernel/ids.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import type { TaskDefinition } from '../../platform/tasks/index.ts'
import { type LicensableLead, leadLicense } from '../leads/index.ts'
import type { RenderedTemplate, SbcDevice, SbcWork } from '../sbcs/index.ts'
import { mayTakeLicenses, poolInTheWay, requireCustomer, type ServiceNames, serviceStore } from '../services/index.ts'
import { requestTask } from '../tasks/index.ts'
import { reserveService } from './apply-license.task.ts'
import {
  type LicenseOrder,
  newConnectionOf,
  ownerOfService,
  type StoredAdvanced,
  scriptVariables,
} from './license-order.ts'
import {
  fullNameOf,
  type LicenseProblem,
  type LicenseSituation,
  licenseProblems,
  licenseSummary,
  modelOf,
  type ProfileOf,
  profileFlawOf,
} from './license-problems.ts'
import { chooseSbc, withTrunk } from './sbc-choice.ts'
import {
  type SecretsOf,
  type SipPasswords,
  type SipSecrets,
  scriptsOf,
  splitVariables,
  withSecrets,
} from './sip-passwords.ts'

export type LicenseService = ReturnType<typeof createLicenseService>

type Known = Pick<LicenseSituation, 'serviceOfTenant' | 'isNameInUse' | 'poolFlaw' | 'profileFlaw' | 'sbcFlaw'>

/** "Change Status": what would happen, what is in its way, and the task that does it. */
export function createLicenseService(options: {
  transact: Transact
  tasks: { apply: TaskDefinition<LicenseOrder>; applyOnSbc: TaskDefinition<LicenseOrder> }
  sbcs: SbcWork
  passwords: SipPasswords
  secretsOf: SecretsOf
  names: ServiceNames
  profileOf: ProfileOf
  /** Whether trunks can be synced here. */
  syncsTrunks: boolean
}) {
  const { transact, tasks, sbcs, passwords, secretsOf, names, profileOf, syncsTrunks } = options

  /** What the operator as a whole knows, whoever asks: names and tenants are taken for everybody. */
  async function lookAround(
    principal: OperatorPrincipal,
    lead: LicensableLead,
    asked: WireLicenseAsked,
  ): Promise<Known> {
    const { callingProfileId } = asked.advanced ?? {}
    const isOne = callingProfileId != null && isGuid(callingProfileId)
    const profile = isOne ? await profileOf(principal.operatorId, callingProfileId) : null
    const profileFlaw = callingProfileId ? profileFlawOf(profile) : null
    const { sbcId } = asked.advanced ?? {}
    const isUnknown = sbcId !== undefined && !(await names.sbcs(principal.operatorId, [sbcId])).has(sbcId)
    const sbcFlaw = isUnknown ? 'There is no such SBC: register it first, or choose another one.' : null
    return transact({ ...principal, channelId: null }, async (tx) => {
      const store = serviceStore(tx)
      const service = await store.ofTenant(lead.tenantId)
      // Of another channel only that there is one.
      const isTold = service && (principal.channelId === null || service.channelId === principal.channelId)
      const pool = await poolInTheWay(
        tx,
        lead.channelId,
        (one) => one.kind !== 'customers' || mayTakeLicenses(one, 1).ok,
      )
      const verdict = pool && mayTakeLicenses(pool, 1)
      return {
        serviceOfTenant: service && (isTold ? service : { leadId: lead.leadId, shortName: '' }),
        isNameInUse: (await store.namesInUse([asked.shortName])).size > 0,
        poolFlaw: verdict && !verdict.ok ? verdict.reason : null,
        profileFlaw,
        sbcFlaw,
      }
    })
  }

  async function problemsOf(
    tx: Tx,
    lead: LicensableLead,
    asked: WireLicenseAsked,
    known: Known,
  ): Promise<LicenseProblem[]> {
    const customerFlaw = await flawOf(() =>
      asked.lcCustomerId == null ? Promise.resolve() : requireCustomer(tx, asked.lcCustomerId, lead.channelId),
    )
    return licenseProblems({ lead, asked, customerFlaw, ...known })
  }

  async function find(principal: OperatorPrincipal, leadId: string): Promise<LicensableLead> {
    const lead = await transact(principal, (tx) => leadLicense.find(tx, leadId))
    if (!lead) throw notFound('The lead')
    return lead
  }

  async function apply(
    principal: OperatorPrincipal,
    leadId: string,
    asked: WireLicenseAsked,
    gateway: string | null,
  ): Promise<{ taskId: string }> {
    const lead = await find(principal, leadId)
    const known = await lookAround(principal, lead, asked)
    const { order, secrets } = await read(principal, lead, asked, gateway)
    if (order.advanced) {
      refuse(await transact(principal, (tx) => problemsOf(tx, lead, asked, known)))
      await demandScript(principal, order, secrets)
    }
    return transact(principal, async (tx) => {
      // What two may want at once is decided last, so that nobody waits for the rest: a refusal undoes all of it.
      refuse(await problemsOf(tx, lead, asked, known))
      const started = await requestTask(tx, order.advanced ? tasks.applyOnSbc : tasks.apply, {
        title: `Apply ${order.license} to ${order.fullName}`,
        input: order,
        about: { type: 'lead', id: leadId, name: lead.companyName },
      })
      await reserveService(tx, order, started.taskId)
      await passwords.keep(tx, order.connectionId, lead.channelId, secrets)
      return started
    })
  }

  return {
    /** What would happen, and everything that is in its way. Changes nothing. */
    async preview(
      principal: OperatorPrincipal,
      leadId: string,
      asked: WireLicenseAsked & { preflight?: boolean },
      signal: AbortSignal,
    ): Promise<WireLicensePreview> {
      const lead = await find(principal, leadId)
      const known = await lookAround(principal, lead, asked)
      const problems = await transact(principal, (tx) => problemsOf(tx, lead, asked, known))
      const { order, secrets } = await read(principal, lead, asked, null)
      const { script, preflight, trouble, facts } = await scriptOf(principal, order, secrets, {
        asksDevice: asked.preflight === true,
        signal,
      })
      if (trouble) problems.push(trouble)
      const warnings = facts.opensAt === null ? [] : [`The change window of the SBC opens at ${facts.opensAt}.`]
      return {
        allowed: problems.length === 0,
        problems: problems.map(({ code, detail, pointer }) => ({ code, detail, pointer })),
        warnings,
        summary: licenseSummary(lead, asked, { fullName: order.fullName, syncsTrunks, ...facts }),
        model: order.model,
        script,
        preflight,
      }
    },

    /** Starts the task; answers its id. Throws what is in the way: 400 by field, 409, 422. */
    apply: (principal: OperatorPrincipal, leadId: string, asked: WireLicenseAsked) =>
      apply(principal, leadId, asked, null),

    /** The same for a caller who may name Microsoft's trunk instead of the device, or neither. Throws 400 by field, too. */
    async applyOnTrunk(
      principal: OperatorPrincipal,
      leadId: string,
      asked: WireLicenseAsked,
      gateway: string | null,
    ): Promise<{ taskId: string }> {
      const { advanced } = asked
      if (!advanced) return apply(principal, leadId, asked, null)
      const wanted = { sbcId: advanced.sbcId || null, gateway }
      const choice = chooseSbc(await sbcs.devices(principal.operatorId), wanted)
      if (choice.ok) {
        const { sbcId } = choice
        return apply(principal, leadId, { ...asked, advanced: { ...advanced, sbcId } }, gateway)
      }
      const field = choice.field === 'sbcId' ? 'siteLocation/sbcId' : 'scriptParameters/OnlinePstnGateway'
      throw badRequest([{ pointer: `/body/${field}`, detail: choice.detail }])
    },

    /** The lead of a tenant that can be licensed, or a lead by its own id. Throws 404. */
    async leadOf(principal: OperatorPrincipal, tenantOrLeadId: string): Promise<LicensableLead> {
      const lead = await transact(principal, async (tx) => {
        const [first] = await leadLicense.ofTenant(tx, tenantOrLeadId)
        return first ?? (await leadLicense.find(tx, tenantOrLeadId))
      })
      if (!lead) throw notFound('The lead')
      return lead
    },
  }

  /** What the task is given, and what nobody is told. */
  async function read(
    { operatorId }: OperatorPrincipal,
    lead: LicensableLead,
    asked: WireLicenseAsked,
    gateway: string | null,
  ): Promise<{ order: LicenseOrder; secrets: SipSecrets }> {
    const order = orderOf(lead, asked)
    if (!order.advanced) return { order, secrets: { password: null, variables: {} } }
    const secret = await secretsOf(operatorId, scriptsOf(newConnectionOf(order, order.advanced)))
    const { plain, sealed } = splitVariables(order.advanced.variables ?? {}, secret)
    const password = asked.advanced?.carrierPassword ?? null
    return {
      order: {
        ...order,
        advanced: {
          ...order.advanced,
          variables: { ...plain, ...(gateway !== null && { OnlinePstnGateway: gateway }) },
        },
      },
      secrets: { password, variables: sealed },
    }
  }

  /** A script that cannot be rendered is refused now and not by the task. */
  async function demandScript(principal: OperatorPrincipal, order: LicenseOrder, secrets: SipSecrets) {
    const asked = scriptAsked(order, secrets, await sbcs.devices(principal.operatorId))
    if (!asked) return
    try {
      await sbcs.render(principal.operatorId, asked)
    } catch (error) {
      throw inAdvanced(error)
    }
  }

  async function scriptOf(
    { operatorId }: OperatorPrincipal,
    order: LicenseOrder,
    secrets: SipSecrets,
    { asksDevice, signal }: { asksDevice: boolean; signal: AbortSignal },
  ) {
    const facts = {
      sbcName: null as string | null,
      writesNothing: true,
      isManual: false,
      opensAt: null as string | null,
    }
    const nothing = { script: null, preflight: null, trouble: null as LicenseProblem | null, facts }
    const job = scriptAsked(order, secrets, await sbcs.devices(operatorId))
    if (!job) return nothing
    let rendered: RenderedTemplate
    try {
      rendered = await sbcs.render(operatorId, job)
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error
      const detail = [error.message, ...(error.errors ?? []).map((flaw) => flaw.detail)].join(' ')
      return { ...nothing, trouble: { code: error.code, detail, pointer: '/body/advanced', status: 422 as const } }
    }
    facts.sbcName = (await names.sbcs(operatorId, [job.sbcId])).get(job.sbcId) ?? null
    facts.writesNothing = rendered.writesNothing
    const script = rendered.writesNothing ? null : rendered.shown
    if (!asksDevice) return { ...nothing, script }
    const flight = await sbcs.preflight(operatorId, job, signal)
    Object.assign(facts, { isManual: flight.sbc.mode === 'manual', opensAt: flight.opensAt })
    const { trouble, sbc } = flight
    const state = flight.asked ? `${sbc.name} answers.` : `${sbc.name} is worked by hand: a person applies the script.`
    const preflight = {
      asked: flight.asked,
      reachable: flight.ok && flight.asked,
      detail: trouble ? `${trouble.detail} ${trouble.remedy}` : state,
      version: sbc.version,
    }
    const found: LicenseProblem | null = trouble && {
      code: trouble.code,
      detail: `${trouble.detail} ${trouble.remedy}`,
      pointer: '/body/advanced/sbcId',
      status: 409,
    }
    return { script, preflight, trouble: found, facts }
  }
}

function scriptAsked(order: LicenseOrder, secrets: SipSecrets, devices: SbcDevice[]) {
  const connection = withTrunk(withSecrets(newConnectionOf(order, order.advanced), secrets), devices)
  const { sbcId, onboardingScript } = connection
  if (sbcId === null || onboardingScript === null) return null
  const variables = scriptVariables(order, connection, secrets.password)
  return {
    sbcId,
    purpose: 'onboarding' as const,
    templateId: onboardingScript,
    variables,
    owner: ownerOfService(order.serviceId),
  }
}

function orderOf(lead: LicensableLead, asked: WireLicenseAsked): LicenseOrder {
  const { carrierPassword: _secret, model: _model, ...advanced } = asked.advanced ?? { sbcId: 0 }
  return {
    leadId: lead.leadId,
    tenantId: lead.tenantId,
    companyName: lead.companyName,
    channelId: lead.channelId,
    serviceId: newId(),
    connectionId: newId(),
    shortName: asked.shortName,
    fullName: fullNameOf(asked, lead),
    lcCustomerId: asked.lcCustomerId ?? null,
    license: 'OC Essential',
    model: modelOf(asked.advanced),
    advanced: asked.advanced ? (advanced as StoredAdvanced) : null,
  }
}

/** Flaws of variables stand where our own body has them. */
function inAdvanced(error: unknown): unknown {
  if (!(error instanceof AppError) || !error.errors) return error
  const { code, status, message: detail } = error
  const errors = error.errors.map(({ pointer, detail: flaw }) => ({
    pointer: `/body/advanced/variables/${pointer.split('/').at(-1) ?? ''}`,
    detail: flaw,
  }))
  return new AppError({ code, status, detail, errors, cause: error })
}

/** All flaws of fields at once, else the first of what is in the way. */
function refuse(problems: LicenseProblem[]): void {
  const fields = problems.filter(({ status }) => status === 400)
  const [first] = problems
  if (fields.length > 0) {
    const errors: FieldError[] = fields.map(({ pointer, detail }) => ({ pointer: pointer ?? '/body', detail }))
    throw new AppError({
      code: 'bad-request',
      status: 400,
      detail: 'The request has fields that cannot be used.',
      errors,
    })
  }
  if (!first) return
  const { code, status, detail, pointer } = first
  throw new AppError({ code, status, detail, ...(pointer && { errors: [{ pointer, detail }] }) })
}

async function flawOf(check: () => Promise<void>): Promise<string | null> {
  try {
    await check()
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return error.errors?.[0]?.detail ?? error.message
  }
}
