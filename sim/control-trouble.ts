import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { operatorNamed } from './control-consents.ts'
import { tokenClaims } from './entra.ts'
import { FAULT_CATALOGUE, isFaultName } from './fault-catalogue.ts'
import type { FaultOrder } from './faults.ts'
import { BadRequest } from './http-exchange.ts'
import { LEADLINE_AUDIENCE, PROJECT_SYNERGY_APP_ID } from './seed/operators.ts'
import { defaultSettings, type Operator } from './world.ts'

const FAULT_NUMBERS = {
  times: [1, 1_000_000],
  probability: [0, 1],
  seed: [0, 0xffff_ffff],
  seconds: [0, 86_400],
  delayMs: [0, 600_000],
  percent: [0, 100],
  offset: [-1_000_000, 1_000_000],
  digits: [0, 7],
  records: [1, 1000],
} as const

/** Operators with their credentials: the sandbox's secrets are no secrets. */
export function listOperators({ simulation }: ControlCall) {
  return { status: 200, body: { operators: simulation.world.operators.map((one) => describeOperator(one)) } }
}

function describeOperator({ seed, settings, store }: Operator) {
  return {
    ...seed,
    resource: PROJECT_SYNERGY_APP_ID,
    scope: `${PROJECT_SYNERGY_APP_ID}/.default`,
    settings,
    consents: store.listedCount,
  }
}

/** Changes how Microsoft sees the operator's registration: token lifetime, roles, allow-list, expired secret, casing. */
export async function changeOperator({ simulation, exchange, subject }: ControlCall) {
  const operator = operatorNamed(simulation.world, subject)
  const body = await ControlBody.read(exchange, Object.keys(defaultSettings()))
  const { settings } = operator
  operator.settings = {
    casing: body.oneOf('casing', ['pascal', 'camel']) ?? settings.casing,
    tokenLifetimeSeconds: body.number('tokenLifetimeSeconds', 1, 86_400) ?? settings.tokenLifetimeSeconds,
    roles: body.texts('roles') ?? settings.roles,
    appIsAllowListed: body.flag('appIsAllowListed') ?? settings.appIsAllowListed,
    secretIsExpired: body.flag('secretIsExpired') ?? settings.secretIsExpired,
    certificate: body.text('certificate', 20_000) ?? settings.certificate,
    leadlineRoles: body.texts('leadlineRoles') ?? settings.leadlineRoles,
  }
  return { status: 200, body: describeOperator(operator) }
}

export function listFaults({ simulation }: ControlCall) {
  const catalogue = Object.entries(FAULT_CATALOGUE).map(([name, entry]) => ({ name, ...entry }))
  return { status: 200, body: { faults: simulation.faults.list(), catalogue } }
}

export async function addFault({ simulation, exchange }: ControlCall) {
  const body = await ControlBody.read(exchange, [
    'name',
    'operator',
    'endpoint',
    'match',
    ...Object.keys(FAULT_NUMBERS),
  ])
  const name = body.requiredText('name')
  if (!isFaultName(name)) {
    throw new BadRequest(`There is no fault "${name}". Known: ${Object.keys(FAULT_CATALOGUE).join(', ')}.`)
  }
  const order: FaultOrder = { name }
  for (const [field, [low, high]] of Object.entries(FAULT_NUMBERS)) {
    const value = body.number(field, low, high)
    if (value !== undefined) order[field as keyof typeof FAULT_NUMBERS] = value
  }
  const operator = body.text('operator')
  if (operator !== undefined) order.operator = operatorNamed(simulation.world, operator).seed.key
  const endpoint = body.oneOf('endpoint', ['token', 'list', 'one', 'addresses', 'relationship', 'trunks', 'numbers'])
  if (endpoint !== undefined) order.endpoint = endpoint
  const match = body.text('match')
  if (match !== undefined) order.match = match
  return { status: 201, body: simulation.faults.add(order) }
}

export function clearFaults({ simulation, subject }: ControlCall) {
  const id = subject === '' ? undefined : Number(subject)
  return { status: 200, body: { cleared: simulation.faults.clear(id) } }
}

export function showRequests({ simulation, query }: ControlCall) {
  const limit = Math.max(0, Number(query.get('limit') ?? 100) || 0)
  return { status: 200, body: { counters: simulation.log.counts(), requests: simulation.log.last(limit) } }
}

export function clearRequests({ simulation }: ControlCall) {
  simulation.log.clear()
  return { status: 200, body: { counters: simulation.log.counts() } }
}

/**
 * A token of any content, to try a receiver: `claims` are laid over the operator's own; `key` "unpublished" signs with
 * a key that the key set lacks; `unsigned` makes an alg:none token.
 */
export async function makeToken({ simulation, exchange }: ControlCall) {
  const body = await ControlBody.read(exchange, [
    'operator',
    'audience',
    'expiresInSeconds',
    'claims',
    'key',
    'unsigned',
  ])
  const operator = operatorNamed(simulation.world, body.text('operator') ?? 'northwind')
  const audience = body.text('audience') ?? LEADLINE_AUDIENCE
  const lifetime = body.number('expiresInSeconds', -1_000_000, 1_000_000) ?? operator.settings.tokenLifetimeSeconds
  const claims = {
    ...tokenClaims(simulation.publicUrl, operator, audience, true, lifetime),
    ...(body.object('claims') ?? {}),
  }
  if (body.flag('unsigned')) {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    return { status: 201, body: { token: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.` } }
  }
  const key = body.oneOf('key', ['published', 'unpublished'])
  return { status: 201, body: { token: await simulation.signer.sign(claims, key) } }
}

/** Makes the text of every page, so that a measurement finds them ready. */
export async function warmUp({ simulation }: ControlCall) {
  for (const { store, pages, settings } of simulation.world.operators) {
    for (let skip = 0; skip < store.listedCount; skip += 1000) {
      pages[settings.casing].slice(skip, 1000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { status: 200, body: { status: 'warm' } }
}

/** Back to the seed: consents, addresses, settings, faults, log. */
export async function reset({ simulation }: ControlCall) {
  simulation.world.reset()
  simulation.faults.clear()
  simulation.log.clear()
  simulation.receivers.clear()
  return { status: 200, body: { status: 'reset' } }
}
