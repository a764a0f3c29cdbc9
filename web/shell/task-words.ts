import type { TFunction } from 'i18next'
import type { WireTask } from '../api/tasks.ts'

/** What came of the items of a task: "3 done, 1 failed"; of one that was taken back: "3 taken back, 2 stay". */
export function countWords(t: TFunction, items: NonNullable<WireTask['items']>): string {
  const { undone, notUndone, succeeded, ...others } = items
  const counts = { undone, notUndone, succeeded: succeeded - undone - notUndone, ...others }
  const told = (['undone', 'notUndone', 'succeeded', 'failed', 'skipped', 'pending'] as const).filter(
    (name) => counts[name] > 0,
  )
  return told
    .map((name) => `${counts[name].toLocaleString()} ${t(`tasks.item.${name}`, { count: counts[name] })}`)
    .join(', ')
}

/** A task that somebody took back after its end was not cancelled, for people. */
export function stateWord({
  state,
  undone,
  items,
}: Pick<WireTask, 'state' | 'undone' | 'items'>): WireTask['state'] | 'takenBack' | 'takenBackInPart' {
  if (state !== 'cancelled' || undone !== 'asked') return state
  return items && items.notUndone > 0 ? 'takenBackInPart' : 'takenBack'
}
