import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useToast } from '../../ui/toasts.tsx'
import { queryOf, readView } from './lead-view.ts'
import styles from './lead-views.module.css'
import type { LeadLayout } from './use-lead-layout.ts'
import { useChangeView } from './use-view-actions.ts'

type LeadViewNoticeProps = { layout: LeadLayout; isGone: boolean; onLeave: () => void }

/** What a view cannot show any more: nothing of it is dropped without a word. */
export function LeadViewNotice({ layout: { view, all }, isGone, onLeave }: LeadViewNoticeProps) {
  const { t } = useTranslation()
  const toast = useToast()
  const { change, words } = useChangeView()
  if (isGone) {
    return (
      <Notice text={t('views.goneText')}>
        <Button size="small" onClick={onLeave}>
          {t('views.leave')}
        </Button>
      </Notice>
    )
  }
  if (!view) return null
  const { gone, search } = readView(view)
  const goneColumns = view.columns?.filter((id) => !all.some((column) => column.id === id)) ?? []
  if (gone.length === 0 && goneColumns.length === 0) return null
  const takeOut = async () => {
    const columns = view.columns?.filter((id) => !goneColumns.includes(id))
    try {
      await change(view, { query: queryOf(search), columns: columns && columns.length > 0 ? columns : null })
      toast('success', t('views.saved', { name: view.name }))
    } catch (error) {
      const { title, detail } = words(error, view.name)
      toast('error', title, detail)
    }
  }
  const said = [
    ...(gone.length > 0 ? [t('views.goneFilters', { name: view.name, names: gone.join(', ') })] : []),
    ...(goneColumns.length > 0 ? [t('views.goneColumns', { name: view.name, names: goneColumns.join(', ') })] : []),
  ]
  return (
    <Notice text={said.join(' ')}>
      {view.actions.updateView.allowed && (
        <Button size="small" onClick={() => void takeOut()}>
          {t('views.takeOut')}
        </Button>
      )}
    </Notice>
  )
}

function Notice({ text, children }: { text: string; children: ReactNode }) {
  return (
    <MessageBar intent="warning" layout="multiline" className={`${styles.notice}`}>
      <MessageBarBody>{text}</MessageBarBody>
      <MessageBarActions>{children}</MessageBarActions>
    </MessageBar>
  )
}
