import { drivenMakes, SBCS_MAX, type SbcChange } from '../../../contract/sbcs.ts'
import type { Clock } from '../../kernel/clock.ts'
import { AppError, badRequest, type FieldError, notFound } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { demandMatch } from '../../platform/http/index.ts'
import type { AddressGuard } from '../../platform/outbound/index.ts'
import type { Sealer } from '../../platform/secrets/index.ts'
import { journal } from '../audit/index.ts'
import { sbcStore } from './sbc.store.ts'
import { passwordCell, type Sbc, type SbcSettings } from './sbc.ts'
import { foldFqdn, originOf, sbcProblems } from './sbc-asked.ts'
import type { CheckSbc, SbcFound } from './sbc-check.ts'
import { type OwnedObject, sbcObjectStore } from './sbc-object.store.ts'

export type ShownSbc = { sbc: Sbc; openOrders: number; objects: number; drifts: OwnedObject[] }

export type SbcServiceOptions = {
  transact: Transact
  sealer: Sealer
  clock: Clock
  guard: AddressGuard
  check: CheckSbc
}

export type SbcService = ReturnType<typeof createSbcService>

const TIMEOUT_MS = 15_000

/** SBC devices of an operator. The password goes in and never comes out again. */
export function createSbcService({ transact, sealer, clock, guard, check }: SbcServiceOptions) {
  async function lock(tx: Tx, sbcId: number, ifMatch: string | undefined): Promise<Sbc> {
    const sbc = await sbcStore(tx).lock(sbcId)
    if (!sbc) throw notFound('The SBC')
    demandMatch(ifMatch, sbcTag(sbc))
    return sbc
  }

  /** What is set once the change is made; throws all that is wrong at once. */
  function settingsOf(before: SbcSettings, sbcId: number, operatorId: number, asked: SbcChange): SbcSettings {
    const errors: FieldError[] = sbcProblems(asked, drivenMakes)
    const address = asked.address === undefined ? before.address : readAddress(asked.address, errors)
    const password = asked.password
    const moves = before.address !== null && address !== before.address
    if (moves && address !== null && before.passwordSealed !== null && password === undefined) {
      errors.push({ pointer: '/body/password', detail: 'Another address needs the password again.' })
    }
    const after: SbcSettings = {
      name: asked.name?.trim() ?? before.name,
      make: makeOf(asked.make ?? before.make),
      mode: asked.mode ?? before.mode,
      address,
      userName: asked.user?.trim() ?? before.userName,
      passwordSealed:
        password === undefined ? before.passwordSealed : sealer.seal(password, passwordCell({ operatorId, sbcId })),
      trust: asked.trust === undefined ? before.trust : cleanTrust(asked.trust),
      trunkFqdns: asked.trunkFqdns ? [...new Set(asked.trunkFqdns.map(foldFqdn))] : before.trunkFqdns,
      changeWindow: asked.changeWindow === undefined ? before.changeWindow : asked.changeWindow,
      ipGroupsMax: asked.ipGroupsMax === undefined ? before.ipGroupsMax : asked.ipGroupsMax,
      timeoutMs: asked.timeoutMs ?? before.timeoutMs,
    }
    if (after.mode === 'automatic') demandDrivable(after, errors)
    if (errors.length > 0) throw badRequest(errors)
    return after
  }

  function readAddress(asked: string | null, errors: FieldError[]): string | null {
    if (asked === null) return null
    const origin = originOf(asked)
    const judgement = origin === null ? null : guard.judgeUrl(origin)
    if (origin !== null && judgement?.ok) return origin
    const detail = judgement && !judgement.ok ? judgement.reason : 'Give https:// with host and port, and no path.'
    errors.push({ pointer: '/body/address', detail: detail.replace('OUTBOUND_ALLOWED', 'SBC_ALLOWED') })
    return null
  }

  async function shown(tx: Tx, sbc: Sbc): Promise<ShownSbc> {
    const counts = (await sbcStore(tx).counts()).get(sbc.sbcId) ?? { openOrders: 0, objects: 0 }
    const objects = await sbcObjectStore(tx).ofDevice(sbc.sbcId)
    return { sbc, ...counts, drifts: objects.filter(({ drift }) => drift !== null) }
  }

  async function found(tx: Tx, sbcId: number): Promise<Sbc> {
    const sbc = await sbcStore(tx).find(sbcId)
    if (!sbc) throw notFound('The SBC')
    return sbc
  }

  return {
    list: (principal: OperatorPrincipal): Promise<ShownSbc[]> =>
      transact(principal, async (tx) => {
        const counts = await sbcStore(tx).counts()
        const drifted = await sbcObjectStore(tx).drifted()
        return (await sbcStore(tx).list()).map((sbc) => ({
          sbc,
          ...(counts.get(sbc.sbcId) ?? { openOrders: 0, objects: 0 }),
          drifts: drifted.filter(({ sbcId }) => sbcId === sbc.sbcId),
        }))
      }),

    get: (principal: OperatorPrincipal, sbcId: number): Promise<ShownSbc> =>
      transact(principal, async (tx) => shown(tx, await found(tx, sbcId))),

    create: (principal: OperatorPrincipal, asked: SbcChange & { name: string }): Promise<ShownSbc> =>
      transact(principal, async (tx) => {
        const store = sbcStore(tx)
        const sbcId = await store.takeId()
        const settings = settingsOf(NEW, sbcId, principal.operatorId, asked)
        if ((await store.list()).length >= SBCS_MAX) throw tooMany()
        if (await store.isNameTaken(settings.name, sbcId)) throw nameTaken(settings.name)
        await store.insert(sbcId, settings, clock.now())
        await journal(tx).append({
          ...{ action: 'sbc.created', object: { type: 'sbc', id: String(sbcId), name: settings.name } },
          after: factsOf(settings),
        })
        return shown(tx, await found(tx, sbcId))
      }),

    /** The same again changes nothing. */
    update: (principal: OperatorPrincipal, sbcId: number, asked: SbcChange, ifMatch?: string): Promise<ShownSbc> =>
      transact(principal, async (tx) => {
        const store = sbcStore(tx)
        const before = await lock(tx, sbcId, ifMatch)
        const after = settingsOf(before, sbcId, principal.operatorId, asked)
        const isNewPassword = asked.password !== undefined
        const isSame = JSON.stringify(factsOf(before)) === JSON.stringify(factsOf(after))
        if (isSame && !isNewPassword) return shown(tx, before)
        if (await store.isNameTaken(after.name, sbcId)) throw nameTaken(after.name)
        await store.update(sbcId, after, clock.now())
        await journal(tx).append({
          ...{ action: 'sbc.changed', object: { type: 'sbc', id: String(sbcId), name: after.name } },
          ...{ before: factsOf(before), after: { ...factsOf(after), passwordChanged: isNewPassword } },
        })
        return shown(tx, await found(tx, sbcId))
      }),

    remove: (principal: OperatorPrincipal, sbcId: number, ifMatch?: string): Promise<void> =>
      transact(principal, async (tx) => {
        const sbc = await lock(tx, sbcId, ifMatch)
        const { openOrders, objects } = await shown(tx, sbc)
        if (openOrders + objects > 0) throw inUse(sbc.name, openOrders, objects)
        await sbcStore(tx).remove(sbcId, clock.now())
        await journal(tx).append({
          ...{ action: 'sbc.deleted', object: { type: 'sbc', id: String(sbcId), name: sbc.name } },
          ...{ before: factsOf(sbc), after: null },
        })
      }),

    async check(principal: OperatorPrincipal, sbcId: number, signal: AbortSignal): Promise<SbcFound> {
      const sbc = await transact(principal, (tx) => found(tx, sbcId))
      return check(sbc, signal)
    },
  }
}

/** The tag that the next change of a device may name. */
export function sbcTag({ sbcId, version }: Sbc): string {
  return `sbc-${sbcId}-${version}`
}

const NEW: SbcSettings = {
  ...{ name: '', make: 'mediant', mode: 'manual', address: null, userName: '', passwordSealed: null },
  ...{ trust: { kind: 'public' }, trunkFqdns: [], changeWindow: null, ipGroupsMax: null, timeoutMs: TIMEOUT_MS },
}

/** Makes that have a driver are written as it is called; any other name as it was given. */
function makeOf(asked: string): string {
  const name = asked.trim()
  return drivenMakes.find((make) => make === name.toLowerCase()) ?? name
}

function cleanTrust(trust: NonNullable<SbcChange['trust']>): SbcSettings['trust'] {
  if (trust.kind !== 'fingerprint') return trust
  return { kind: 'fingerprint', sha256: trust.sha256.replace(/[\s:]/g, '').toLowerCase() }
}

function demandDrivable({ make, address, userName, passwordSealed }: SbcSettings, errors: FieldError[]): void {
  const isKnown = drivenMakes.some((one) => one === make)
  if (!isKnown && !errors.some(({ pointer }) => pointer === '/body/mode')) {
    errors.push({ pointer: '/body/mode', detail: `There is no driver for ${make}: choose the mode manual.` })
  }
  if (address === null && !errors.some(({ pointer }) => pointer === '/body/address')) {
    errors.push({ pointer: '/body/address', detail: 'The mode automatic needs an address.' })
  }
  if (userName === '') errors.push({ pointer: '/body/user', detail: 'The mode automatic needs a user.' })
  if (passwordSealed === null)
    errors.push({ pointer: '/body/password', detail: 'The mode automatic needs a password.' })
}

/** As the journal may hold it. */
function factsOf({ passwordSealed: _, trust, ...settings }: SbcSettings): Record<string, unknown> {
  const { name, make, mode, address, userName, trunkFqdns, changeWindow, ipGroupsMax, timeoutMs } = settings
  return { name, make, mode, address, userName, trust, trunkFqdns, changeWindow, ipGroupsMax, timeoutMs }
}

function nameTaken(name: string): AppError {
  const detail = `There is an SBC called "${name}" already. Choose another name.`
  return new AppError({ code: 'sbc-name-taken', status: 409, detail })
}

function tooMany(): AppError {
  return new AppError({ code: 'sbcs-full', status: 409, detail: `There are ${SBCS_MAX} SBCs already.` })
}

function inUse(name: string, openOrders: number, objects: number): AppError {
  const detail =
    `${name} holds ${objects} objects of services, and ${openOrders} scripts wait to be applied to it. ` +
    'Delete or move the services first, and close the scripts.'
  return new AppError({ code: 'sbc-in-use', status: 409, detail })
}
