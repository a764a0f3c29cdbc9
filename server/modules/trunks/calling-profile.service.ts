import { notFound } from '../../kernel/errors.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { sbcStore } from '../sbcs/index.ts'
import { type ProfileWarning, profileWarnings } from './calling-profile.rules.ts'
import { callingProfileStore, type StoredCallingProfile } from './calling-profile.store.ts'

/** A device of ours that carries a trunk. */
export type MatchingSbc = { sbcId: number; name: string; fqdn: string; address: string | null }

/** A profile with what is known of it here. */
export type ShownCallingProfile = StoredCallingProfile & {
  /** By the FQDN of the trunk. */
  sbcs: Map<string, MatchingSbc[]>
  warnings: ProfileWarning[]
}

export type CallingProfileService = ReturnType<typeof createCallingProfileService>

/** Calling profiles of Microsoft, matched to our devices by the names of their trunks. Source: issue 7, 3. */
export function createCallingProfileService({ transact }: { transact: Transact }) {
  async function shown(tx: Tx, profiles: readonly StoredCallingProfile[]): Promise<ShownCallingProfile[]> {
    const all = await callingProfileStore(tx).list()
    const known = new Set(all.flatMap(({ profileId, removedAt }) => (removedAt ? [] : [profileId])))
    const sbcs = new Map<string, MatchingSbc[]>()
    for (const { sbcId, name, trunkFqdns, address } of await sbcStore(tx).list()) {
      for (const fqdn of trunkFqdns) sbcs.set(fqdn, [...(sbcs.get(fqdn) ?? []), { sbcId, name, fqdn, address }])
    }
    return profiles.map((one) => {
      const facts = { ...one.profile, isRemoved: one.removedAt !== null }
      return { ...one, sbcs, warnings: profileWarnings(facts, known, new Set(sbcs.keys())) }
    })
  }

  return {
    list: (principal: OperatorPrincipal): Promise<{ profiles: ShownCallingProfile[]; syncedAt: Date | null }> =>
      transact(principal, async (tx) => ({
        profiles: await shown(tx, await callingProfileStore(tx).list()),
        syncedAt: await callingProfileStore(tx).syncedAt(),
      })),

    get: (principal: OperatorPrincipal, profileId: string): Promise<ShownCallingProfile> =>
      transact(principal, async (tx) => {
        const found = await callingProfileStore(tx).find(profileId.toLowerCase())
        const [profile] = found ? await shown(tx, [found]) : []
        if (!profile) throw notFound('The calling profile')
        return profile
      }),

    /** FQDNs of the trunks in profiles that Microsoft lists, in the scope of the operator; null: never synced. */
    trunkFqdns: (operatorId: number): Promise<Set<string> | null> =>
      transact(jobPrincipal('trunks', operatorId, 'trunks'), async (tx) => {
        const store = callingProfileStore(tx)
        if ((await store.syncedAt()) === null) return null
        const listed = (await store.list()).filter(({ removedAt }) => removedAt === null)
        return new Set(listed.flatMap(({ profile }) => profile.trunks.map(({ fqdn }) => fqdn)))
      }),

    /** For process modules, in the scope of the operator; null: there is none. */
    find: (operatorId: number, profileId: string): Promise<ShownCallingProfile | null> =>
      transact(jobPrincipal('trunks', operatorId, 'trunks'), async (tx) => {
        const found = await callingProfileStore(tx).find(profileId.toLowerCase())
        return found ? ((await shown(tx, [found]))[0] ?? null) : null
      }),
  }
}
