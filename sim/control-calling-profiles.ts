import { ControlBody } from './control-body.ts'
import type { ControlCall } from './control-call.ts'
import { BadRequest } from './http-exchange.ts'

export function listCallingProfiles({ simulation }: ControlCall) {
  const operators = simulation.world.operators.map(({ seed, callingProfiles }) => ({
    operator: seed.key,
    callingProfiles,
  }))
  return { status: 200, body: { operators } }
}

/** `{name, trunks}`: as Microsoft's onboarding changes one; trunks are named by their FQDN. */
export async function changeCallingProfile({ simulation, exchange, subject }: ControlCall) {
  const body = await ControlBody.read(exchange, ['name', 'trunks'])
  const profile = simulation.world.operators
    .flatMap(({ callingProfiles }) => callingProfiles)
    .find((one) => one.CallingProfileId === subject)
  if (!profile) throw unknown(subject)
  profile.Name = body.text('name') ?? profile.Name
  const trunks = body.texts('trunks')
  if (trunks) {
    profile.TrunksEnrolled = trunks.map((TrunkFqdn, at) => ({
      TrunkFqdn,
      TrunkId: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
    }))
  }
  return { status: 200, body: profile }
}

export function removeCallingProfile({ simulation, subject }: ControlCall) {
  for (const operator of simulation.world.operators) {
    const left = operator.callingProfiles.filter((one) => one.CallingProfileId !== subject)
    if (left.length === operator.callingProfiles.length) continue
    operator.callingProfiles = left
    return { status: 200, body: { status: 'removed' } }
  }
  throw unknown(subject)
}

function unknown(id: string): BadRequest {
  return new BadRequest(`There is no calling profile ${id}.`, 404)
}
