import type { AcquiredNumberRecord } from './acquired-number.ts'
import type { CivicAddressRecord, ConsentRecord } from './consent-record.ts'
import { ConsentStore, type Hiding, type Touch } from './consent-store.ts'
import { type Casing, writeJson } from './dialect.ts'
import { PageText } from './page-text.ts'
import { applySentinel } from './record-faults.ts'
import { type CallingProfileRecord, callingProfilesOf } from './seed/calling-profiles.ts'
import { FABRIKAM_LEADS, makeConsentSource } from './seed/consent-source.ts'
import { guidOf } from './seed/guid.ts'
import { OPERATOR_SEEDS, type OperatorSeed } from './seed/operators.ts'
import { mix } from './seed/random.ts'
import type { StateJournal } from './state-journal.ts'

/** Roles a registered operator application holds on Project Synergy (microsoft.md A.2). */
export const DEFAULT_ROLES: readonly string[] = [
  'PartnerSettings.Read',
  'TrunkManagement.Read',
  'TrunkManagement.Write',
  'NumberManagement.Read',
  'NumberManagement.Write',
]

const NEW_ID_SALT = 0x6e657769
const MAX_IDS_PER_CHANGE = 64

/** What a test or a person can set about an operator's registration; gone after a restart. */
export interface OperatorSettings {
  casing: Casing
  tokenLifetimeSeconds: number
  roles: string[]
  appIsAllowListed: boolean
  secretIsExpired: boolean
  /** PEM of the certificate that was uploaded to the app registration; empty: none was. */
  certificate: string
  /** Roles in tokens asked for with audience api://leadline. */
  leadlineRoles: string[]
}

export interface Operator {
  seed: OperatorSeed
  settings: OperatorSettings
  callingProfiles: CallingProfileRecord[]
  store: ConsentStore
  /** Numbers it has given to tenants, by tenant id. */
  numbers: Map<string, AcquiredNumberRecord[]>
  pages: Record<Casing, PageText>
}

/** One fact that differs from the seed. Replaying all of them in order gives the same world. */
export type Change =
  | { kind: 'consent-put'; operator: string; consent: ConsentRecord; activeAtMs?: number }
  | { kind: 'consent-hidden'; operator: string; id: string; hiding: Hiding | null }
  | { kind: 'addresses-put'; tenantId: string; addresses: CivicAddressRecord[] }
  | { kind: 'numbers-put'; operator: string; tenantId: string; numbers: AcquiredNumberRecord[] }
  | { kind: 'touched'; operator: string; touch: Touch }

export interface WorldOptions {
  seed: number
  epochMs: number
  /** Leads of the first operator. */
  leads: number
  journal: StateJournal | undefined
}

/** Everything the simulator knows: operators with their consents, and the addresses of customers. */
export class World {
  private readonly options: WorldOptions
  private readonly addressBook = new Map<string, CivicAddressRecord[]>()
  private readonly tenantByDomain = new Map<string, string>()
  private changeCount = 0
  private idsInChange = 0
  operators: Operator[]

  constructor(options: WorldOptions) {
    this.options = options
    this.operators = this.makeOperators()
  }

  /** Applies what is on file. Entries about consents that this size of world does not have are skipped and counted. */
  replay(changes: unknown[]): { applied: number; skipped: number } {
    let skipped = 0
    for (const change of changes as Change[]) if (!this.apply(change)) skipped++
    return { applied: changes.length - skipped, skipped }
  }

  /** Records a change, then applies it. */
  commit(change: Change): void {
    this.options.journal?.append(change)
    this.apply(change)
  }

  /** Back to the seed; the state file begins anew. */
  reset(): void {
    this.options.journal?.start({ version: 1, seed: this.options.seed, epochMs: this.options.epochMs })
    this.changeCount = 0
    this.idsInChange = 0
    this.addressBook.clear()
    this.tenantByDomain.clear()
    this.operators = this.makeOperators()
  }

  operatorByKey(key: string): Operator | undefined {
    return this.operators.find(({ seed }) => seed.key === key || seed.operatorId === key)
  }

  operatorByDirectory(tenantId: string): Operator | undefined {
    return this.operators.find(({ seed }) => seed.directoryTenantId === tenantId)
  }

  /** Civic addresses of a customer's tenant, whoever asks. */
  addressesOf(tenantId: string): CivicAddressRecord[] {
    const changed = this.addressBook.get(tenantId)
    if (changed !== undefined) return changed
    for (const { store } of this.operators) {
      const addresses = store.sourceAddresses(tenantId)
      if (addresses.length > 0) return addresses
    }
    return []
  }

  /** Entra tenant of a tenant id or domain, customers and operators alike; undefined when nobody has it. */
  resolveTenant(tenantIdOrDomain: string): string | undefined {
    const text = tenantIdOrDomain.toLowerCase()
    for (const { seed, store } of this.operators) {
      if (seed.directoryTenantId === text || seed.directoryDomain === text) return seed.directoryTenantId
      if (store.ordinalsOfTenant(text).length > 0) return text
      const ordinal = store.ordinalOfDomain(text)
      if (ordinal !== undefined) return store.at(ordinal).TenantId
    }
    return this.tenantByDomain.get(text)
  }

  settleActivations(nowMs: number): void {
    for (const { store } of this.operators) store.settleActivations(nowMs)
  }

  /**
   * An id that nobody has yet. It depends on the seed and on how many changes came before, so that the same
   * acts in the same order make the same ids, also across a restart.
   */
  newId(): string {
    return guidOf(this.changeCount * MAX_IDS_PER_CHANGE + this.idsInChange++, mix(this.options.seed, NEW_ID_SALT))
  }

  private apply(change: Change): boolean {
    this.changeCount++
    this.idsInChange = 0
    if (change.kind === 'addresses-put') {
      this.addressBook.set(change.tenantId, change.addresses)
      return true
    }
    const operator = this.operatorByKey(change.operator)
    if (operator === undefined) return false
    switch (change.kind) {
      case 'consent-put':
        operator.store.put(change.consent, change.activeAtMs)
        this.rememberDomains(change.consent)
        return true
      case 'consent-hidden': {
        const ordinal = operator.store.ordinalOfHidden(change.id)
        if (ordinal === undefined) return false
        operator.store.hide(ordinal, change.hiding ?? undefined)
        return true
      }
      case 'numbers-put':
        operator.numbers.set(change.tenantId, change.numbers)
        return true
      case 'touched':
        operator.store.touch(change.touch)
        return true
      default:
        return false
    }
  }

  private rememberDomains(consent: ConsentRecord): void {
    for (const contact of consent.Contacts ?? []) {
      const domain = contact.Email?.split('@')[1]?.toLowerCase()
      if (domain && !this.tenantByDomain.has(domain)) this.tenantByDomain.set(domain, consent.TenantId)
    }
  }

  private makeOperators(): Operator[] {
    return OPERATOR_SEEDS.map((seed, index) => {
      const count = index === 0 ? this.options.leads : FABRIKAM_LEADS
      const source = makeConsentSource(seed, this.options.seed, count, this.options.epochMs)
      const discard = (ordinal: number | 'all') => {
        pages.pascal.discard(ordinal)
        pages.camel.discard(ordinal)
      }
      const store = new ConsentStore(source, discard)
      const pageText = (casing: Casing) =>
        new PageText(store, (ordinal) => writeJson(applySentinel(store.at(ordinal)), casing))
      const pages = { pascal: pageText('pascal'), camel: pageText('camel') }
      return {
        seed,
        settings: defaultSettings(),
        callingProfiles: callingProfilesOf(seed.key),
        store,
        numbers: new Map(),
        pages,
      }
    })
  }
}

export function defaultSettings(): OperatorSettings {
  return {
    casing: 'pascal',
    tokenLifetimeSeconds: 3599,
    roles: [...DEFAULT_ROLES],
    appIsAllowListed: true,
    secretIsExpired: false,
    certificate: '',
    leadlineRoles: ['leads.read'],
  }
}
