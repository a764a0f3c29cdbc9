import { type CivicAddressRecord, type ConsentRecord, companyNameOf, isDirect } from './consent-record.ts'
import type { ConsentSource } from './consent-source.ts'
import { mix } from './seed/random.ts'
import { formatTimestamp } from './seed/timestamp.ts'

/** A change of many consents at once, kept as one fact: which ones it hit is recomputed. */
export interface Touch {
  percent: number
  seed: number
  atMs: number
}

/** `listing`: left out of the listing, still answered by tenant. `everywhere`: as if it had never been. */
export type Hiding = 'listing' | 'everywhere'

/**
 * The consents of one operator in order of arrival. An ordinal is a consent's place in that order and
 * never changes; a position is its place in today's listing, which skips the hidden ones.
 * Unchanged consents are made on demand from the source, so a million of them take no memory.
 */
export class ConsentStore {
  private readonly source: ConsentSource
  private readonly changed = new Map<number, ConsentRecord>()
  private readonly ordinalById = new Map<string, number>()
  private readonly ordinalsByTenant = new Map<string, number[]>()
  private readonly hidden = new Map<number, Hiding>()
  private hiddenSorted: number[] = []
  private readonly touches: Touch[] = []
  private readonly activations = new Map<number, number>()
  private nextOrdinal: number
  private readonly onChange: (ordinal: number | 'all') => void

  constructor(source: ConsentSource, onChange: (ordinal: number | 'all') => void) {
    this.source = source
    this.nextOrdinal = source.count
    this.onChange = onChange
  }

  /** Number of consents in the listing. */
  get listedCount(): number {
    return this.nextOrdinal - this.hiddenSorted.length
  }

  /** One more than the highest ordinal. */
  get ordinalLimit(): number {
    return this.nextOrdinal
  }

  /** The ordinal at a position of the listing. */
  ordinalAt(position: number): number {
    let low = 0
    let high = this.hiddenSorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.hiddenSorted[middle] ?? 0) - middle <= position) low = middle + 1
      else high = middle
    }
    return position + low
  }

  isListed(ordinal: number): boolean {
    return !this.hidden.has(ordinal)
  }

  /** The consent as it is now, whether listed or not. The caller must not change it. */
  at(ordinal: number): ConsentRecord {
    const changed = this.changed.get(ordinal)
    if (changed !== undefined) return changed
    const consent = this.source.consent(ordinal)
    for (const touch of this.touches) if (hits(touch, ordinal)) applyTouch(consent, touch, ordinal)
    return consent
  }

  ordinalOfId(id: string): number | undefined {
    const ordinal = this.ordinalOfHidden(id)
    return ordinal !== undefined && this.isKnown(ordinal) ? ordinal : undefined
  }

  /** As `ordinalOfId`, for a consent that may be hidden everywhere: only to bring it back. */
  ordinalOfHidden(id: string): number | undefined {
    return this.ordinalById.get(id) ?? this.source.ordinalOfConsent(id)
  }

  /** All consents of a tenant: consented ones first, newest first, then the direct one (decisions.md). */
  ordinalsOfTenant(tenantId: string): number[] {
    const generated = this.source.ordinalOfTenant(tenantId)
    const ordinals = new Set(this.ordinalsByTenant.get(tenantId) ?? [])
    if (generated !== undefined) ordinals.add(generated)
    return [...ordinals]
      .filter((ordinal) => this.isKnown(ordinal))
      .sort((a, b) => this.rank(b).localeCompare(this.rank(a)))
  }

  ordinalOfDomain(domain: string): number | undefined {
    const ordinal = this.source.ordinalOfDomain(domain)
    return ordinal !== undefined && this.isKnown(ordinal) ? ordinal : undefined
  }

  sourceAddresses(tenantId: string): CivicAddressRecord[] {
    const ordinal = this.source.ordinalOfTenant(tenantId)
    return ordinal !== undefined && ordinal < this.source.count ? this.source.addresses(ordinal) : []
  }

  /** Stores a consent under its id: in place when the id is known, else at the end of the listing. */
  put(consent: ConsentRecord, activeAtMs?: number): number {
    const ordinal = this.ordinalOfHidden(consent.Id) ?? this.nextOrdinal
    if (ordinal === this.nextOrdinal) this.nextOrdinal++
    this.changed.set(ordinal, consent)
    this.ordinalById.set(consent.Id, ordinal)
    const siblings = this.ordinalsByTenant.get(consent.TenantId) ?? []
    if (!siblings.includes(ordinal)) this.ordinalsByTenant.set(consent.TenantId, [...siblings, ordinal])
    if (activeAtMs === undefined) this.activations.delete(ordinal)
    else this.activations.set(ordinal, activeAtMs)
    this.onChange(ordinal)
    return ordinal
  }

  /** Instant at which a held consent turns Active, or undefined. */
  activeAtMs(ordinal: number): number | undefined {
    return this.activations.get(ordinal)
  }

  /** Turns every held consent Active whose time has come. */
  settleActivations(nowMs: number): void {
    if (this.activations.size === 0) return
    for (const [ordinal, atMs] of this.activations) {
      if (atMs > nowMs) continue
      const consent = { ...this.at(ordinal), Status: 'Active', LastModifiedOn: formatTimestamp(atMs, ordinal % 10_000) }
      this.put(consent)
    }
  }

  hide(ordinal: number, hiding: Hiding | undefined): void {
    if (hiding === undefined) this.hidden.delete(ordinal)
    else this.hidden.set(ordinal, hiding)
    this.hiddenSorted = [...this.hidden.keys()].sort((a, b) => a - b)
    this.onChange(ordinal)
  }

  hidingOf(ordinal: number): Hiding | undefined {
    return this.hidden.get(ordinal)
  }

  /** How many consents a touch hits. */
  countTouched(touch: Touch): number {
    let count = 0
    for (let ordinal = 0; ordinal < this.nextOrdinal; ordinal++) if (hits(touch, ordinal)) count++
    return count
  }

  /** Changes countries and modification date of a share of all consents. */
  touch(touch: Touch): void {
    for (const [ordinal, consent] of this.changed) {
      if (!hits(touch, ordinal)) continue
      const copy = structuredClone(consent)
      applyTouch(copy, touch, ordinal)
      this.changed.set(ordinal, copy)
    }
    this.touches.push(touch)
    this.onChange('all')
  }

  /** Ordinals of consents that differ from the seed, newest first. */
  changedOrdinals(): number[] {
    return [...this.changed.keys()].sort((a, b) => b - a)
  }

  private isKnown(ordinal: number): boolean {
    return ordinal < this.nextOrdinal && this.hidden.get(ordinal) !== 'everywhere'
  }

  private rank(ordinal: number): string {
    const consent = this.at(ordinal)
    return `${isDirect(consent) ? '0' : '1'}${consent.ConsentedOn}`
  }
}

function hits(touch: Touch, ordinal: number): boolean {
  return mix(touch.seed, ordinal) < (touch.percent / 100) * 0x1_0000_0000
}

const TOUCH_COUNTRIES = ['LU', 'FI', 'GR', 'SG', 'ZA'] as const

function applyTouch(consent: ConsentRecord, touch: Touch, ordinal: number): void {
  consent.LastModifiedOn = formatTimestamp(touch.atMs, ordinal % 10_000)
  if (isDirect(consent)) return
  const country = TOUCH_COUNTRIES[mix(touch.seed, ordinal) % TOUCH_COUNTRIES.length] ?? 'LU'
  const countries = consent.ConsentedCountries.filter((code) => code !== country)
  consent.ConsentedCountries =
    countries.length === consent.ConsentedCountries.length ? [...countries, country] : countries
}

/** Whether a consent's company, contacts, id or tenant contains the text (lower case). */
export function matchesText(consent: ConsentRecord, text: string): boolean {
  if (consent.Id === text || consent.TenantId === text) return true
  if (companyNameOf(consent).toLowerCase().includes(text)) return true
  return (consent.Contacts ?? []).some((contact) =>
    `${contact.FullName ?? ''} ${contact.Email ?? ''}`.toLowerCase().includes(text),
  )
}
