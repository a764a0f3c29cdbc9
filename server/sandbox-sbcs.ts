import type { OperatorPrincipal } from './kernel/principal.ts'
import type { Sbcs } from './modules/sbcs/index.ts'

/** SHA-256 of the certificate of the simulated devices. Source: sim/README.md, SBCs. */
const SIMULATED_CERTIFICATE = '31a92c00970606ac9373b13231b1c5902c1a101cb012082bcc30108e3bf15ad5'

/** Ports on which the SBCs of the sandbox listen: the second and the third after the simulator's own. */
export function sbcPortsOf(simulatorPort: number): [number, number] {
  return [simulatorPort + 2, simulatorPort + 3]
}

/**
 * Northwind's two devices: one that Leadline works by itself, one whose scripts somebody applies. Both carry a trunk of
 * Microsoft's. What a person changed stays; only the simulator's port is followed.
 */
export async function giveSbcs(
  devices: Sbcs['devices'],
  principal: OperatorPrincipal,
  simulatorPort: number,
): Promise<void> {
  const known = await devices.list(principal)
  const wanted = [
    { name: 'Seattle 1', mode: 'automatic' as const, fqdn: 'sbc1.northwind.example' },
    { name: 'Seattle 2', mode: 'manual' as const, fqdn: 'sbc2.northwind.example' },
  ]
  for (const [at, { name, mode, fqdn }] of wanted.entries()) {
    const address = `https://127.0.0.1:${sbcPortsOf(simulatorPort)[at]}`
    const there = known.find(({ sbc }) => sbc.name === name)?.sbc
    if (there?.address === address || (there && !there.address?.startsWith('https://127.0.0.1:'))) continue
    const access = { address, user: 'leadline', password: 'sbc-sandbox-secret' }
    if (there) await devices.update(principal, there.sbcId, access)
    else if (known.length === 0) {
      const trust = { kind: 'fingerprint' as const, sha256: SIMULATED_CERTIFICATE }
      await devices.create(principal, { name, mode, ...access, trust, trunkFqdns: [fqdn], ipGroupsMax: 250 })
    }
  }
}
