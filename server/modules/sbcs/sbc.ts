import type { SbcConnection, SbcStatus, TableUse } from '../../sbc/index.ts'
import type { ChangeWindow } from './change-window.rules.ts'

export type SbcMode = 'automatic' | 'manual'
export type SbcTrustStored = SbcConnection['trust']

/** Why a device could not be asked, or not be changed, and since when. */
export type StoredTrouble = { code: string; detail: string; remedy: string; since: string }

/** A registered device; the password is sealed. */
export type Sbc = {
  operatorId: number
  sbcId: number
  name: string
  make: string
  mode: SbcMode
  address: string | null
  userName: string
  passwordSealed: string | null
  trust: SbcTrustStored
  trunkFqdns: string[]
  changeWindow: ChangeWindow | null
  ipGroupsMax: number | null
  timeoutMs: number
  checkedAt: Date | null
  lastContactAt: Date | null
  facts: SbcStatus | null
  tables: TableUse[]
  trouble: StoredTrouble | null
  version: number
  createdAt: Date
  changedAt: Date
}

/** What is set of a device, as opposed to what was heard of it. */
export type SbcSettings = Pick<
  Sbc,
  | 'name'
  | 'make'
  | 'mode'
  | 'address'
  | 'userName'
  | 'passwordSealed'
  | 'trust'
  | 'trunkFqdns'
  | 'changeWindow'
  | 'ipGroupsMax'
  | 'timeoutMs'
>

/** The cell in which a device's password is sealed. */
export function passwordCell({ operatorId, sbcId }: Pick<Sbc, 'operatorId' | 'sbcId'>) {
  return { table: 'sbc', row: `${operatorId}/${sbcId}`, column: 'password_sealed' }
}

/** Names without regard to letter case. */
export function foldName(name: string): string {
  return name.trim().normalize('NFC').toLowerCase()
}
