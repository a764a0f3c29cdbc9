import type { SbcDevice } from '../sbcs/index.ts'

/** What a documented caller says of the device: its id, the FQDN of Microsoft's trunk on it, both, or neither. */
export type SbcAsked = { sbcId: number | null; gateway: string | null }
export type SbcChoice = { ok: true; sbcId: number } | { ok: false; field: 'sbcId' | 'gateway'; detail: string }

/** The device that is meant: the named one, the only one with that trunk, or the only one there is. Pure. Source: rest-api.md C2. */
export function chooseSbc(devices: readonly SbcDevice[], { sbcId, gateway }: SbcAsked): SbcChoice {
  const no = (field: 'sbcId' | 'gateway', detail: string): SbcChoice => ({ ok: false, field, detail })
  const named = devices.find((device) => device.sbcId === sbcId)
  if (sbcId !== null) {
    // One that is not there is refused where it is looked up.
    if (gateway === null || !named || named.trunkFqdns.includes(gateway)) return { ok: true, sbcId }
    return no('gateway', `${named.name} does not carry this trunk: leave it out, or add it to the trunks of the SBC.`)
  }
  const [first, ...others] = devices.filter(({ trunkFqdns }) => gateway === null || trunkFqdns.includes(gateway))
  if (first && others.length === 0) return { ok: true, sbcId: first.sbcId }
  if (gateway === null) return no('sbcId', 'Missing: an IP group needs the SBC that it is made on.')
  if (first) return no('sbcId', 'Missing: several SBCs carry this trunk, say which one is meant.')
  return no('gateway', 'No SBC carries this trunk: give siteLocation.sbcId, or add the trunk to its SBC.')
}

/** Microsoft's trunk as the scripts of a connection name it: the one that was asked for, else the first of its device. */
export function withTrunk<C extends { sbcId: number | null; variables: Record<string, string> }>(
  connection: C,
  devices: readonly SbcDevice[],
): C {
  const trunk = devices.find(({ sbcId }) => sbcId === connection.sbcId)?.trunkFqdns[0]
  return trunk === undefined
    ? connection
    : { ...connection, variables: { OnlinePstnGateway: trunk, ...connection.variables } }
}
