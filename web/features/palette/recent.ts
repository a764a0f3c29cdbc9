import { RECENT_KEY } from '../../shell/recent-key.ts'
import type { PaletteKind } from './palette-item.ts'

/** What was opened by the search lately: enough to offer it again. */
export type Recent = { kind: PaletteKind; id: string; label: string; detail?: string }

const RECENT_MAX = 6

/** Kept in the tab, for one person at one operator: names of customers are nothing to leave on a disk. */
export function recentOf(whose: string): Recent[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(RECENT_KEY) ?? 'null') as {
      whose?: string
      recent?: Recent[]
    } | null
    return kept?.whose === whose && Array.isArray(kept.recent) ? kept.recent.filter(isRecent) : []
  } catch {
    return []
  }
}

export function rememberRecent(whose: string, { kind, id, label, detail }: Recent): void {
  const others = recentOf(whose).filter((one) => one.kind !== kind || one.id !== id)
  const recent = [{ kind, id, label, ...(detail !== undefined && { detail }) }, ...others].slice(0, RECENT_MAX)
  try {
    sessionStorage.setItem(RECENT_KEY, JSON.stringify({ whose, recent }))
  } catch {
    // Then nothing is recent.
  }
}

function isRecent(one: Partial<Recent> | null): one is Recent {
  return typeof one?.kind === 'string' && typeof one.id === 'string' && typeof one.label === 'string'
}
