import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { deleteView, getTaggedView, updateView, type ViewChange, type WireView } from '../../api/views.ts'
import { useSavePreferences } from '../../shell/column-choice.ts'
import { useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { useToast } from '../../ui/toasts.tsx'
import type { LeadSearch } from './lead-search.ts'
import { queryWithGone } from './lead-view.ts'
import type { LeadLayout } from './use-lead-layout.ts'

/** Thrown where somebody else has changed what one was looking at. */
class ViewChangedMeanwhile extends Error {}

/** Changes a view as it was seen here: what somebody else made of it meanwhile is not written over. */
export function useChangeView(): {
  change: (seen: WireView, change: ViewChange) => Promise<WireView>
  remove: (seen: WireView) => Promise<void>
  words: (error: unknown, name: string) => { title: string; detail: string | undefined }
} {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const failure = useFailureWords()
  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: ['views', operatorId] }),
    [queries, operatorId],
  )
  const tagOf = useCallback(
    async (seen: WireView) => {
      const { body, tag } = await getTaggedView(operatorId, seen.id)
      if (body.changedAt !== seen.changedAt) throw new ViewChangedMeanwhile()
      return tag
    },
    [operatorId],
  )
  const change = useCallback(
    async (seen: WireView, wanted: ViewChange) => {
      try {
        return await updateView(operatorId, seen.id, wanted, await tagOf(seen))
      } finally {
        await refresh()
      }
    },
    [operatorId, tagOf, refresh],
  )
  const remove = useCallback(
    async (seen: WireView) => {
      try {
        await deleteView(operatorId, seen.id, await tagOf(seen))
      } finally {
        await refresh()
      }
    },
    [operatorId, tagOf, refresh],
  )
  const words = useCallback(
    (error: unknown, name: string) => {
      const isTheirs = error instanceof ViewChangedMeanwhile || (error instanceof ApiProblem && error.status === 412)
      if (isTheirs) return { title: t('views.conflict', { name }), detail: undefined }
      const { title, detail } = failure(error)
      return { title, detail }
    },
    [t, failure],
  )
  return { change, remove, words }
}

/** What the menu does with the view that was chosen, with a word of what came of it. */
export function useViewActions(
  { view, ofView, list, showInView }: LeadLayout,
  search: LeadSearch,
): { save: () => void; share: (shared: boolean) => void; begin: (view: WireView | null) => void } {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const scope = useScopeName()
  const { change, words } = useChangeView()
  const savePreferences = useSavePreferences()
  const toast = useToast()
  const run = async (wanted: ViewChange, done: string) => {
    if (!view) return
    try {
      await change(view, wanted)
      toast('success', done)
    } catch (error) {
      const { title, detail } = words(error, view.name)
      toast('error', title, detail)
    }
  }
  const name = view?.name ?? ''
  return {
    save: () => {
      if (!view) return
      const columns = view.columns && ofView ? { columns: [...ofView] } : {}
      void run({ query: queryWithGone(search, view), ...columns }, t('views.saved', { name })).then(() =>
        showInView(null),
      )
    },
    share: (shared) => void run({ shared }, t(shared ? 'views.nowShared' : 'views.nowPrivate', { name, scope })),
    begin: (first) => {
      const what = t(list === 'tenants' ? 'views.ofTenants' : 'views.ofLeads')
      void savePreferences({ defaultView: { operatorId, list, viewId: first?.id ?? null } }).then(() =>
        toast('success', t(first ? 'views.beginsNow' : 'views.beginsWithAll', { list: what, name: first?.name ?? '' })),
      )
    },
  }
}

/** Whom one shares with: all of the channel, or all of the operator. */
export function useScopeName(): string {
  const { name, channelName } = useOperator()
  return channelName ?? name
}
