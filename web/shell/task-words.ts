import type { TFunction } from 'i18next'
import type { WireTask } from '../api/tasks.ts'

/** What came of the items of a task: "3 done, 1 failed". */
export function countWords(t: TFunction, items: NonNullable<WireTask['items']>): string {
  const counts = (['succeeded', 'failed', 'skipped', 'pending'] as const).filter((name) => items[name] > 0)
  return counts.map((name) => `${items[name].toLocaleString()} ${t(`tasks.item.${name}`)}`).join(', ')
}
