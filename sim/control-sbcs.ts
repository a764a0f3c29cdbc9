import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { BadRequest } from './http-exchange.ts'
import { SBC_BEHAVIOURS, type SbcBehaviour } from './sbc/sbc-device.ts'
import type { SbcServer } from './sbc/sbc-server.ts'

const BEHAVIOURS = Object.keys(SBC_BEHAVIOURS) as SbcBehaviour[]
const CERTIFICATES = ['good', 'expired', 'other'] as const
const SCRIPT_LIMIT = 100_000

/** All devices, without what they hold. */
export function listSbcs({ simulation }: ControlCall) {
  return { status: 200, body: { behaviours: SBC_BEHAVIOURS, sbcs: simulation.sbcs.list().map(summary) } }
}

/** One device with its configuration and its last calls, newest first. */
export function showSbc(call: ControlCall) {
  const server = named(call)
  const { device } = server
  return { status: 200, body: { ...summary(server), configuration: device.text, calls: device.calls } }
}

/** `{behaviour, times, delayMs, password, certificate}`. */
export async function changeSbc(call: ControlCall) {
  const server = named(call)
  const { device } = server
  const body = await ControlBody.read(call.exchange, ['behaviour', 'times', 'delayMs', 'password', 'certificate'])
  const behaviour = body.oneOf('behaviour', BEHAVIOURS)
  const certificate = body.oneOf('certificate', CERTIFICATES)
  const followed = behaviour !== undefined || certificate !== undefined
  // A new behaviour is for good, unless it says how often.
  if (behaviour !== undefined) Object.assign(device, { behaviour, times: body.number('times', 1, 1_000_000) ?? null })
  if (certificate !== undefined) device.certificate = certificate
  device.delayMs = body.number('delayMs', 0, 600_000) ?? device.delayMs
  device.password = body.text('password') ?? device.password
  if (followed) await server.follow()
  return { status: 200, body: summary(server) }
}

/** Power off and on: what was not saved is lost. */
export function restartSbc(call: ControlCall) {
  const server = named(call)
  server.device.restart()
  return { status: 200, body: summary(server) }
}

/** `{script, save}`: somebody at the device, behind everybody's back. 200 with what it printed, also of a refused line. */
export async function editSbc(call: ControlCall) {
  const server = named(call)
  const body = await ControlBody.read(call.exchange, ['script', 'save'])
  const script = body.text('script', SCRIPT_LIMIT)
  if (!script) throw new BadRequest('"script" must be a text: lines as they are typed at the device.')
  const result = server.device.run(script)
  if (body.flag('save') ?? true) server.device.save()
  return { status: 200, body: { ...summary(server), ...result } }
}

/** As it left the factory. */
export async function resetSbc(call: ControlCall) {
  const server = named(call)
  server.device.reset()
  await server.follow()
  return { status: 200, body: summary(server) }
}

export function forgetSbcCalls(call: ControlCall) {
  const server = named(call)
  server.device.forgetCalls()
  return { status: 200, body: summary(server) }
}

function named({ simulation, subject }: ControlCall): SbcServer {
  const server = simulation.sbcs.named(subject)
  if (!server) throw new BadRequest(`There is no SBC "${subject}" here.`, 404)
  return server
}

function summary({ device, port }: SbcServer) {
  const { name, serialNumber, version, behaviour, times, delayMs, user, password, certificate, restarts } = device
  return {
    ...{ name, address: port === null ? null : `https://127.0.0.1:${port}`, serialNumber, version },
    ...{ behaviour, times, delayMs, user, password, certificate, restarts, isSaved: device.isSaved },
    tables: device.tables,
    ipGroups: device.namesOf('ip-group'),
  }
}
