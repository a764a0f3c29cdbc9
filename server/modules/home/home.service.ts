import { createHash } from 'node:crypto'
import { HOME_WEEKS, type WireHome, type WireTrouble } from '../../../contract/home.ts'
import type { Permission } from '../../../contract/permissions.ts'
import type { Clock } from '../../kernel/clock.ts'
import { badRequest } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { isTimeZone } from '../../kernel/time-zone.ts'
import type { Reader } from '../../platform/db/reader.ts'
import { figuresOf, type LeadFigures, type Waiting, waitingLeadsOf } from './home.rules.ts'
import { homeStore } from './home.store.ts'
import { type Week, weeksUntil } from './week.rules.ts'

/** Something else that waits: other modules count it, `context.ts` joins them. Told in the order of the list. */
export type WaitingSource = {
  permission: Permission
  /** Not for channels. */
  operatorOnly?: boolean
  count(principal: OperatorPrincipal): Promise<Waiting[]>
}

/** What may be broken: as `WaitingSource`. */
export type TroubleSource = {
  permission: Permission
  operatorOnly?: boolean
  find(principal: OperatorPrincipal): Promise<WireTrouble[]>
}

export type HomeServiceOptions = {
  reader: Reader
  clock: Clock
  waiting: readonly WaitingSource[]
  troubles: readonly TroubleSource[]
  /** When leads were last fetched. */
  syncedAt: (principal: OperatorPrincipal) => Promise<Date | null>
  /** How long new figures are waited for while there are older ones. Default 60. */
  patienceMs?: number
}

/** Home as it is now: what it depends on is known, the figures are not made yet. */
export type HomeState = {
  etag: string
  /** `olderTag`: the tag of the figures that are shown, where the new ones were not to be had in time. */
  produce(): Promise<{ home: WireHome; olderTag: string | null }>
}

export type HomeService = ReturnType<typeof createHomeService>

type Figures = LeadFigures & { waiting: Waiting[] }
type Kept = {
  version: string
  figures: Promise<Figures>
  isCounting: boolean
  /** The last ones that were counted. */
  older: { version: string; figures: Figures } | null
}

const KEPT_MAX = 200
const PATIENCE_MS = 60

/**
 * The four answers of Home. Figures over all leads are kept until a lead changes, and while new ones are counted the older ones
 * are shown: the next look has the new ones. What waits and what is broken is looked at each time.
 */
export function createHomeService(options: HomeServiceOptions) {
  const { reader, clock, waiting, troubles, syncedAt, patienceMs = PATIENCE_MS } = options
  const kept = new Map<string, Kept>()

  /** For a scope and its weeks, once for all who ask. */
  function counted(principal: OperatorPrincipal, weeks: Week[], version: string): Kept {
    const key = JSON.stringify([principal.operatorId, principal.channelId, weeks])
    const known = kept.get(key)
    // However fast leads change, one count at a time is enough.
    if (known && (known.version === version || known.isCounting)) return known
    const figures = count(principal, weeks)
    const made: Kept = { version, figures, isCounting: true, older: known?.older ?? null }
    kept.delete(key)
    kept.set(key, made)
    // The oldest goes first; and what failed is asked for again.
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_MAX) break
      kept.delete(oldest)
    }
    figures.then(
      (found) => {
        Object.assign(made, { isCounting: false, older: { version, figures: found } })
      },
      () => {
        if (kept.get(key) === made) kept.delete(key)
      },
    )
    return made
  }

  async function figuresInTime({ version, figures, older }: Kept): Promise<{ version: string; figures: Figures }> {
    const fresh = figures.then((made) => ({ version, figures: made }))
    if (!older || older.version === version) return fresh
    const late = Promise.withResolvers<typeof older>()
    const timer = setTimeout(() => late.resolve(older), patienceMs)
    try {
      return await Promise.race([fresh, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  async function count(principal: OperatorPrincipal, weeks: Week[]): Promise<Figures> {
    const store = homeStore(reader, principal)
    const [counts, hasChannels] = await Promise.all([
      store.counts(weeks.map(({ since }) => since)),
      principal.channelId === null && store.hasChannels(),
    ])
    const names = weeks.map(({ week }) => week)
    return { ...figuresOf(names, counts), waiting: waitingLeadsOf(counts, hasChannels) }
  }

  return {
    /** 400 for a time zone that nobody knows. */
    async state(principal: OperatorPrincipal, timeZone = 'UTC'): Promise<HomeState> {
      if (!isTimeZone(timeZone)) throw unknownTimeZone()
      const weeks = weeksUntil(clock.now(), timeZone, HOME_WEEKS)
      const isFor = ({ permission, operatorOnly = false }: { permission: Permission; operatorOnly?: boolean }) =>
        principal.permissions.has(permission) && !(operatorOnly && principal.channelId !== null)
      const [version, waits, broken, synced] = await Promise.all([
        homeStore(reader, principal).version(),
        inTurn(waiting.filter(isFor), (source) => source.count(principal)),
        inTurn(troubles.filter(isFor), (source) => source.find(principal)),
        syncedAt(principal),
      ])
      const live = { waiting: waits, broken, syncedAt: synced?.toISOString() ?? null }
      const tagOf = (shown: string) => {
        const facts = [principal.operatorId, principal.channelId, weeks, shown, live]
        return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22)
      }
      return {
        etag: tagOf(version),
        async produce() {
          const shown = await figuresInTime(counted(principal, weeks, version))
          const { waiting: leadsWaiting, ...rest } = shown.figures
          return {
            home: { ...rest, ...live, waiting: [...leadsWaiting, ...live.waiting] },
            olderTag: shown.version === version ? null : tagOf(shown.version),
          }
        },
      }
    },
  }
}

/** One connection for all of them: each is a moment's work. */
async function inTurn<S, T>(sources: readonly S[], ask: (source: S) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for (const source of sources) found.push(...(await ask(source)))
  return found
}

function unknownTimeZone() {
  const detail = 'Must be a time zone of the IANA list, such as Europe/Berlin or UTC.'
  return badRequest([{ pointer: '/query/timeZone', detail }])
}
