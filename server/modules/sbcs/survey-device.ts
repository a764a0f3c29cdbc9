import { notFound } from '../../kernel/errors.ts'
import { jobPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { type SbcDriver, SbcError } from '../../sbc/index.ts'
import { askDevice } from './ask-device.ts'
import { sbcStore } from './sbc.store.ts'
import type { SbcDrivers } from './sbc-drivers.ts'
import { type OwnedObject, sbcObjectStore } from './sbc-object.store.ts'
import type { Place, SbcWork, Survey } from './sbc-work.ts'

const NOT_READ = {
  code: 'sbc-not-asked',
  detail: 'It has no driver, address or password.',
  remedy: 'Look at it by hand.',
}

/** See `SbcWork.survey`: asks the device itself, since the books are empty once a script is ticked off. */
export function createSurvey(options: { transact: Transact; drivers: SbcDrivers; limitMs: number }): SbcWork['survey'] {
  const { transact, drivers, limitMs } = options

  return async (operatorId, sbcId, { owner, objects, names }, signal) => {
    const principal = jobPrincipal('sbcs', operatorId, 'sbcs')
    const { sbc, own, foreign } = await transact(principal, async (tx) => {
      const own = (await sbcObjectStore(tx).under(owner)).filter((one) => one.sbcId === sbcId)
      const mine = new Set(own.map(placeOf))
      const foreign = (await sbcObjectStore(tx).ofDevice(sbcId)).map(placeOf).filter((place) => !mine.has(place))
      return { sbc: await sbcStore(tx).find(sbcId), own, foreign: new Set(foreign) }
    })
    if (!sbc) throw notFound('The SBC')
    const seen = { sbcName: sbc.name, mode: sbc.mode }
    const unseen = { ...seen, left: own.map(plain), others: [], dialPlans: [] }
    const driver = drivers.driverOf(sbc)
    if (!driver) return { ...unseen, unread: NOT_READ }
    // By now somebody else may have what was its own.
    const wanted = [...new Map([...objects, ...own].map((one) => [placeOf(one), plain(one)])).values()]
    const mine = wanted.filter((one) => !foreign.has(placeOf(one)))
    try {
      const found = await askDevice(signal, limitMs, (limited) => look(driver, mine, names, limited))
      await strikeOut(principal, own, found.left)
      const known = new Set([...mine.map(placeOf), ...foreign])
      const others = found.named.filter((one) => !known.has(placeOf(one)))
      return { ...seen, unread: null, left: found.left, others, dialPlans: found.dialPlans }
    } catch (error) {
      // A device that only people work may be out of reach for ever; any other one is asked again.
      if (!(error instanceof SbcError) || error.kind === 'aborted' || sbc.mode !== 'manual') throw error
      const { code, detail, remedy } = error
      return { ...unseen, unread: { code, detail, remedy } }
    }
  }

  async function strikeOut(principal: ReturnType<typeof jobPrincipal>, own: OwnedObject[], left: Place[]) {
    const there = new Set(left.map(placeOf))
    const gone = own.filter((one) => !there.has(placeOf(one)))
    if (gone.length === 0) return
    await transact(principal, async (tx) => {
      for (const one of gone) await sbcObjectStore(tx).forget(one.sbcId, one.owner, [one])
    })
  }
}

async function look(
  driver: SbcDriver,
  mine: Place[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Survey, 'left' | 'dialPlans'> & { named: Place[] }> {
  const checks = await driver.check(
    mine.map((one) => ({ ...one, values: {} })),
    { signal },
  )
  return {
    left: checks.filter(({ state }) => state !== 'missing').map(plain),
    named: (await driver.find(names, { signal })).map(plain),
    dialPlans: await driver.dialPlans({ signal }),
  }
}

const placeOf = ({ table, name }: Place) => `${table}\n${name}`
const plain = ({ table, name }: Place): Place => ({ table, name })
