import { useSyncExternalStore } from 'react'
import { useWatched, Watched } from './watched.ts'

/** Milliseconds by which the server's clock is ahead of this one's. */
let aheadMs = 0

/** The server's time, so that "40 s ago" is right on a machine whose clock is wrong. */
export function serverNow(): number {
  return Date.now() + aheadMs
}

/** Takes the header `Date` of an answer. It counts whole seconds and is old on arrival: small differences mean nothing. */
export function noteServerDate(header: string | null): void {
  const told = Date.parse(header ?? '')
  if (Number.isNaN(told)) return
  const ahead = told + 500 - Date.now()
  aheadMs = Math.abs(ahead) < 2_500 ? 0 : ahead
}

const TICK_MS = 5_000
const tick = new Watched(0)
setInterval(() => {
  if (document.visibilityState === 'visible') tick.set(serverNow())
}, TICK_MS)
document.addEventListener('visibilitychange', () => tick.set(serverNow()))

/** The day it is here by the server's clock, as a number that changes at midnight and not before. */
export function useDay(): number {
  return useSyncExternalStore(tick.watch, () => new Date(serverNow()).setHours(0, 0, 0, 0))
}

/** The server's time, anew every few seconds: for texts such as "40 s ago". */
export function useNow(): number {
  useWatched(tick)
  return serverNow()
}
