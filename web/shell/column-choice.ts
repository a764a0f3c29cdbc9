import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { type ColumnChoice, type PreferenceChange, setPreferences, type WirePreferences } from '../api/preferences.ts'
import { meQuery } from '../api/queries.ts'
import type { ViewList } from '../api/views.ts'
import { useToast } from '../ui/toasts.tsx'
import { useMe } from './operator.ts'
import { useFailureWords } from './problem-notice.tsx'

/** A column that is drawn wider is written once it has come to rest. */
const REST_MS = 700
const resting = new Map<ViewList, ReturnType<typeof setTimeout>>()

/**
 * The columns of a list as the person has chosen them, wherever he works; null: as they are at first. They come with `/me`, so
 * that the first page has them, and a change holds here at once.
 */
export function useColumnChoice(list: ViewList): [ColumnChoice[] | null, (chosen: ColumnChoice[] | null) => void] {
  const client = useQueryClient()
  const save = useSavePreferences()
  const choose = useCallback(
    (chosen: ColumnChoice[] | null) => {
      // What is under way tells what was before.
      void client.cancelQueries(meQuery)
      showPreferences(client, (before) => ({ ...before, columns: { ...before.columns, [list]: chosen } }))
      clearTimeout(resting.get(list))
      resting.set(
        list,
        setTimeout(() => {
          resting.delete(list)
          void save({ columns: { [list]: chosen } })
        }, REST_MS),
      )
    },
    [client, list, save],
  )
  return [useMe().preferences.columns[list], choose]
}

/** Writes preferences; says so where that fails. */
export function useSavePreferences(): (change: PreferenceChange) => Promise<void> {
  const client = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  return useCallback(
    async (change) => {
      try {
        const saved = await setPreferences(change)
        if (resting.size === 0) showPreferences(client, () => saved)
      } catch (error) {
        const { title, detail } = words(error)
        toast('error', title, detail)
      }
    },
    [client, toast, words],
  )
}

function showPreferences(client: QueryClient, change: (before: WirePreferences) => WirePreferences): void {
  client.setQueryData(meQuery.queryKey, (me) => me && { ...me, preferences: change(me.preferences) })
}
