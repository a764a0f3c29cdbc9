import type { WireCheckResult } from '../../../contract/services.ts'
import type { SbcDevice } from '../sbcs/index.ts'

/**
 * Whether calls find a way between Microsoft and the SBCs of a service: Microsoft lists a trunk that they carry, and they
 * answered when they were last asked. `own`: devices of its SIP connections; none: it shares those that carry a trunk.
 * `listed`: FQDNs of trunks in calling profiles; null: never synced. Pure. Source: issue 7, 1.
 */
export function trunkResult(
  own: readonly SbcDevice[],
  all: readonly SbcDevice[],
  listed: ReadonlySet<string> | null,
): WireCheckResult {
  const say = (result: WireCheckResult['result'], detail: string) =>
    ({ code: 'trunk', title: 'Its trunk is up', result, detail }) as const
  if (listed === null) return say('skipped', 'Trunks were never synced with Microsoft: run peering.sync-trunks-job.')
  const carries = ({ trunkFqdns }: SbcDevice) => trunkFqdns.some((fqdn) => listed.has(fqdn))
  const unlisted = own.filter((device) => !carries(device))
  if (unlisted.length > 0) {
    const names = namesOf(unlisted)
    return say('warning', `Microsoft lists no calling profile with a trunk of ${names}: look at the trunks of the SBC.`)
  }
  const carrying = own.length > 0 ? own : all.filter(carries)
  if (carrying.length === 0)
    return say('warning', 'No SBC carries a trunk that Microsoft lists: add its FQDN to an SBC.')
  const down = carrying.filter(({ trouble }) => trouble !== null)
  if (down.length === 0) return say('ok', `Microsoft lists a trunk of ${namesOf(carrying)}.`)
  const detail = down.map(({ name, trouble }) => `${name}: ${trouble}`).join(' ')
  return say(down.length === carrying.length ? 'error' : 'warning', detail)
}

function namesOf(devices: readonly SbcDevice[]): string {
  return devices.map(({ name }) => name).join(', ')
}
