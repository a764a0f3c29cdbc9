import type { Dispatcher } from 'undici'

/** Makes with a driver, one folder each. A device of any other make is worked by hand (mode `manual`). */
export const SBC_MAKES = ['mediant'] as const
export type SbcMake = (typeof SBC_MAKES)[number]

/** How the certificate of a device is known to be its own. */
export type SbcTrust =
  | { kind: 'public' }
  /** Issuers to trust, PEM; the name in the certificate must be that of the address. */
  | { kind: 'ca'; pem: string }
  /** SHA-256 of the very certificate, hex without colons; its name and issuer do not matter. */
  | { kind: 'fingerprint'; sha256: string }

export type SbcConnection = {
  /** `https://sbc1.example:8443`, without a path. */
  address: string
  user: string
  password: string
  trust: SbcTrust
  /** For reading; a script may take four times as long. */
  timeoutMs: number
}

export type SbcStatus = {
  /** `7.40A.500.357` */
  version: string | null
  productType: string | null
  serialNumber: string | null
  /** Its own word for how it is. */
  state: string | null
  ipAddress: string | null
  upSeconds: number | null
}

/** One row of a table of the device. `name` is what it is known by; an index is the device's own business. */
export type SbcObject = {
  /** As the make calls it: `ip-group`, `sbc dial-plan`. */
  table: string
  name: string
  /** Of its row and, as `child name/parameter`, of the rows below it. Values of secrets are left out. */
  values: Record<string, string>
  /** Many customers use it: made where it is not there, else left as it is, and never removed. */
  isShared?: true
}

export type ObjectState = 'as-expected' | 'missing' | 'changed'

export type ObjectCheck = {
  table: string
  name: string
  state: ObjectState
  /** Parameters that are not as they were set; `found` null: not there. */
  differences: { parameter: string; expected: string; found: string | null }[]
}

/** What would happen, or has happened, to one object. */
export type ObjectChange = {
  table: string
  name: string
  what: 'add' | 'change' | 'keep' | 'remove' | 'already-gone' | 'leave'
  /** For people: what is changed, why it is left. */
  note: string
}

/** What a script would do to the device as it is now. */
export type ScriptPlan = {
  changes: ObjectChange[]
  /** Objects as they are to be afterwards. */
  expected: SbcObject[]
  /** Objects that are not to be there afterwards. */
  gone: { table: string; name: string }[]
  /** Objects of these names are there, differ, and are not ours: the script must not be applied. */
  conflicts: ObjectCheck[]
  /** Names that the script refers to and that neither it nor the device has. */
  missingReferences: { table: string; name: string; referredBy: string }[]
  /** What would be sent: only what is missing or different. Secrets are masked. */
  commands: string
}

export type AppliedScript = {
  plan: ScriptPlan
  /** What the device printed, secrets masked; empty when nothing had to be sent. */
  output: string
  /** False: nothing had to be sent, and nothing was saved. */
  sent: boolean
  /** How full its tables are now; null: nobody looked after it was saved. */
  tables: TableUse[] | null
}

/** How many rows a table has; `limit` null: the device does not tell. */
export type TableUse = { table: string; used: number; limit: number | null }

export type DialPlanRule = {
  /** At most 15 characters. */
  name: string
  /** At most 50 characters, with the make's meta characters escaped. */
  prefix: string
  /** `tag`, or `name=value`, several joined by `;`. */
  tag: string
}

export type NamedDialPlan = { name: string; rules: DialPlanRule[] }

export type DialPlanChange = { add: DialPlanRule[]; remove: Pick<DialPlanRule, 'prefix'>[] }

export type CallOptions = { signal: AbortSignal }

export type ApplyOptions = CallOptions & {
  /** Texts that appear in no output, plan or error. */
  secrets?: readonly string[]
  /**
   * Whether an object that is there is one of ours: only such a one is changed or removed. What is there and exactly as
   * expected is kept, whoever made it.
   */
  isOurs: (object: { table: string; name: string }) => boolean
  /** Called with what is about to be done, before anything is sent; what it throws stops it. */
  beforeSending?: (plan: ScriptPlan) => Promise<void>
}

/**
 * One device. Every method throws SbcError and nothing else. A second make is one folder with another one of these.
 * Nothing is assumed: each change reads what is there, sends the difference, reads the output, reads the state back and compares.
 */
export type SbcDriver = {
  status(call: CallOptions): Promise<SbcStatus>
  /** How full its tables are. */
  tables(call: CallOptions): Promise<TableUse[]>
  /** What a script would do; changes nothing. Throws `refused-line` for what the make's language does not have. */
  plan(script: string, options: ApplyOptions): Promise<ScriptPlan>
  /**
   * Makes the device hold what the script says, and keeps it over a restart. Idempotent: done again, also after a crash
   * in the middle, nothing is added twice. Throws `conflict`, `refused-line`, `not-applied`, …
   */
  apply(script: string, options: ApplyOptions): Promise<AppliedScript>
  /** Whether these objects are still as they were set. */
  check(objects: readonly SbcObject[], call: CallOptions): Promise<ObjectCheck[]>
  /** Objects of any table whose name is one of these; for adopting what is there. */
  find(names: readonly string[], call: CallOptions): Promise<SbcObject[]>
  /** Null: there is no dial plan of that name. In the order of the device. */
  dialPlan(name: string, call: CallOptions): Promise<DialPlanRule[] | null>
  /** All dial plans with their rules. */
  dialPlans(call: CallOptions): Promise<NamedDialPlan[]>
  /** Adds and removes rules of a dial plan, in chunks, saved at the end; what is there already, or gone, costs nothing. */
  changeDialPlan(name: string, change: DialPlanChange, call: CallOptions): Promise<{ added: number; removed: number }>
  close(): Promise<void>
}

export type SbcDriverOptions = {
  /** How requests leave: a guarded agent. Whoever gives one closes it. */
  dispatcher: Dispatcher
}

/** What a make can do besides. */
export type SbcMakeFacts = {
  make: SbcMake
  name: string
  /** Writes a number so that a rule's prefix matches it alone. */
  exactPrefix(e164: string): string
  /** What a script wants, without asking any device. Throws `refused-line`. */
  wishes(script: string): { expected: SbcObject[]; gone: { table: string; name: string }[] }
  /** A script that removes these objects, the last one first. */
  removalScript(objects: readonly { table: string; name: string }[]): string
}
