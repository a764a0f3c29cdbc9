import { hash } from 'node:crypto'
import type { WireCivicAddress as LeadAddress, WireLeadContact } from '../../../contract/leads.ts'
import {
  type ListedRecord,
  readCivicAddress,
  readConsent,
  type WireConsent,
  type WireContact,
} from '../../microsoft/index.ts'
import type { IncomingLead, RemoteLead } from '../leads/index.ts'

/**
 * Part of every fingerprint and record hash: when this file reads records differently, raise it, and the next sync reads
 * all records again.
 */
export const MAPPING_VERSION = '1'

export type MappedRecord =
  | { ok: true; lead: IncomingLead; warnings: string[] }
  | { ok: false; key: string; reason: string; raw: string }

/** A record of Microsoft with what is needed to tell, without reading it, whether it is the one we know. */
export type RawRecord = { record: unknown; text: string; hash: string; id: string | null }

/** Stands for a record's whole text, and for how this file reads it. */
export function recordDigest(text: string): string {
  return hash('sha1', MAPPING_VERSION + text, 'hex')
}

/** Names a raw record by its id and by the digest of its text. */
export function identifyRecord(record: unknown): RawRecord {
  const text = JSON.stringify(record) ?? 'null'
  return { record, text, hash: recordDigest(text), id: idOf(record) }
}

/** The same for one of a list. */
export function identifyListed({ value, text, digest, knownId }: ListedRecord): RawRecord {
  return { record: value, text, hash: digest, id: knownId ?? idOf(value) }
}

/** One consent as a lead. Pure; never throws: what cannot be read says why and is kept raw. */
export function mapConsentToLead(raw: RawRecord): MappedRecord {
  const reading = readConsent(raw.record)
  if (!reading.ok) return { ok: false, key: findingKey(raw), reason: reading.reason, raw: raw.text }
  return { ok: true, lead: { remote: remoteLead(reading.consent), hash: raw.hash }, warnings: reading.warnings }
}

/** As long as an index bears: what Microsoft puts into an id may be of any length, and hold any character. */
function findingKey({ id, hash: digest }: RawRecord): string {
  if (id === null) return digest
  const text = id.replaceAll('\u0000', '\ufffd').toWellFormed()
  return text.length <= KEY_LENGTH_MAX ? text : `${text.slice(0, KEY_LENGTH_MAX)}… ${digest}`
}

const KEY_LENGTH_MAX = 300

export type UnreadableAddress = { reason: string; raw: string }

/** Civic addresses in the documented shape; what cannot be read is told apart. Source: rest-api.md 2.2, 2.3. */
export function mapCivicAddresses(records: unknown[]): { addresses: LeadAddress[]; unreadable: UnreadableAddress[] } {
  const addresses: LeadAddress[] = []
  const unreadable: UnreadableAddress[] = []
  for (const record of records) {
    const reading = readCivicAddress(record)
    if (reading.ok) addresses.push(leadAddress(reading.address))
    else unreadable.push({ reason: reading.reason, raw: JSON.stringify(record) ?? 'null' })
  }
  return { addresses, unreadable }
}

function idOf(record: unknown): string | null {
  if (record === null || typeof record !== 'object') return null
  const fields = record as Record<string, unknown>
  const id = fields.Id ?? fields.id ?? fields.ID
  return typeof id === 'string' ? id.toLowerCase() : null
}

function remoteLead(consent: WireConsent): RemoteLead {
  const contacts = consent.contacts?.map(leadContact) ?? null
  const details = consent.contactDetails ? leadContact(consent.contactDetails) : (contacts?.[0] ?? EMPTY_CONTACT)
  const extras: Record<string, unknown> = { ...consent.extra }
  if (consent.customerRelationship) extras.customerRelationship = consent.customerRelationship
  if (consent.productContext !== null) extras.productContext = consent.productContext
  const contactExtras = [consent.contactDetails, ...(consent.contacts ?? [])].map((contact) => contact?.extra ?? {})
  if (contactExtras.some((extra) => Object.keys(extra).length > 0)) extras.contactExtras = contactExtras
  return {
    id: consent.id,
    tenantId: consent.tenantId,
    tenantOrigin: consent.tenantOrigin,
    operatorId: consent.operatorId,
    status: consent.status,
    consentedOn: consent.consentedOn,
    lastModifiedOn: consent.lastModifiedOn,
    consentedCountries: consent.consentedCountries,
    contactDetails: details,
    contacts,
    // Microsoft marks direct leads by nothing else (design/decisions.md, Direct lead upstream).
    isDirectLead: consent.operatorId === null && consent.contacts === null,
    extras,
  }
}

const EMPTY_CONTACT: WireLeadContact = {
  fullName: null,
  email: null,
  phoneNumber: null,
  companyName: null,
  companySize: null,
}

function leadContact({ fullName, email, phoneNumber, companyName, companySize }: WireContact): WireLeadContact {
  return { fullName, email, phoneNumber, companyName, companySize }
}

type ReadAddress = Extract<ReturnType<typeof readCivicAddress>, { ok: true }>['address']

function leadAddress(address: ReadAddress): LeadAddress {
  return {
    id: address.id,
    country: address.country,
    houseNumber: address.houseNumber,
    houseNumberSuffix: address.houseNumberSuffix,
    preDirectional: address.preDirectional,
    streetName: address.streetName,
    streetSuffix: address.streetSuffix,
    postDirectional: address.postDirectional,
    stateOrProvince: address.stateOrProvince,
    countyOrDistrict: address.countyOrDistrict,
    cityOrTown: address.cityOrTown,
    cityOrTownAlias: address.cityOrTownAlias,
    postalOrZipCode: address.postalOrZipCode,
    description: address.description,
    companyName: address.companyName,
    companyId: address.companyId,
    defaultLocationId: address.defaultLocationId,
    validationStatus: address.validationStatus,
    tenantId: address.tenantId,
    partnerId: address.partnerId,
    locations: address.locations.map((location) => ({
      id: location.id,
      civicAddressId: location.civicAddressId,
      description: location.description,
      additionalInfo: location.additionalInfo,
      isDefault: location.isDefault ? 'true' : 'false',
      elin: location.elin,
    })),
  }
}
