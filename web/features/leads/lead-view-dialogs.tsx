import { Checkbox, Field, Input, Tooltip } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createView, type WireView } from '../../api/views.ts'
import { paths } from '../../paths.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useToast } from '../../ui/toasts.tsx'
import type { LeadSearch } from './lead-search.ts'
import { queryOf } from './lead-view.ts'
import type { LeadLayout } from './use-lead-layout.ts'
import { useChangeView, useScopeName } from './use-view-actions.ts'

/** The server takes no longer ones. */
const NAME_LENGTH_MAX = 80

type SaveViewDialogProps = { layout: LeadLayout; search: LeadSearch; onClose: () => void }

/** Keeps what the list shows now under a name, and goes on with it. */
export function SaveViewDialog({ layout, search, onClose }: SaveViewDialogProps) {
  const { t } = useTranslation()
  const { operatorId, can } = useOperator()
  const scope = useScopeName()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const toast = useToast()
  const { list, shown, chosen, ofView } = layout
  const [name, setName] = useState('')
  const [withColumns, setWithColumns] = useState(chosen !== null || ofView !== null)
  const [shared, setShared] = useState(false)
  const mayShare = can('views.share')
  const save = useMutation({
    mutationFn: () =>
      createView(operatorId, {
        ...{ name: name.trim(), list, query: queryOf(search), shared },
        columns: withColumns ? shown.map(({ id }) => id) : null,
      }),
    onSuccess: async (view) => {
      await queries.invalidateQueries({ queryKey: ['views', operatorId] })
      toast('success', t('views.saved', { name: view.name }))
      onClose()
      const { part: _part, ...kept } = search
      void navigate({
        to: list === 'tenants' ? paths.tenants : paths.leads,
        params: { operatorId: String(operatorId) },
        search: { ...kept, view: view.id },
        replace: true,
      })
    },
  })
  return (
    <NameDialog
      title={t('views.dialog.new')}
      action={t('views.dialog.save')}
      {...{ name, save, onClose }}
      onName={setName}
    >
      <p>{t('views.dialog.newText')}</p>
      <Checkbox
        label={t('views.dialog.columns')}
        checked={withColumns}
        onChange={(_, { checked }) => setWithColumns(checked === true)}
      />
      <Tooltip
        content={t('permission.missing', { permission: 'views.share' })}
        relationship="description"
        {...(mayShare && { visible: false })}
      >
        <Checkbox
          label={t('views.dialog.share', { scope })}
          checked={shared}
          disabled={!mayShare}
          onChange={(_, { checked }) => setShared(checked === true)}
        />
      </Tooltip>
    </NameDialog>
  )
}

export function RenameViewDialog({ view, onClose }: { view: WireView; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(view.name)
  const { change } = useChangeView()
  const save = useMutation({ mutationFn: () => change(view, { name: name.trim() }), onSuccess: onClose })
  return (
    <NameDialog
      title={t('views.dialog.rename')}
      action={t('form.save')}
      {...{ name, save, onClose }}
      onName={setName}
    />
  )
}

type NameDialogProps = {
  title: string
  action: string
  name: string
  onName: (name: string) => void
  save: { mutate: () => void; isPending: boolean; error: unknown }
  onClose: () => void
  children?: ReactNode
}

function NameDialog({ title, action, name, onName, save, onClose, children }: NameDialogProps) {
  const { t } = useTranslation()
  const isReady = name.trim() !== '' && !save.isPending
  return (
    <FormDialog
      title={title}
      action={save.isPending ? t('form.saving') : action}
      width={480}
      isReady={isReady}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t('views.dialog.name')} required>
        <Input
          autoFocus
          dir="auto"
          value={name}
          maxLength={NAME_LENGTH_MAX}
          onChange={(_, { value }) => onName(value)}
        />
      </Field>
      {children}
    </FormDialog>
  )
}

type DeleteViewDialogProps = { view: WireView; onDeleted: () => void; onClose: () => void }

export function DeleteViewDialog({ view, onDeleted, onClose }: DeleteViewDialogProps) {
  const { t } = useTranslation()
  const scope = useScopeName()
  const toast = useToast()
  const { remove, words } = useChangeView()
  const { name } = view
  const run = useMutation({
    mutationFn: () => remove(view),
    onSuccess: () => {
      toast('success', t('views.deleted', { name }))
      onClose()
      onDeleted()
    },
    onError: (error) => {
      const { title, detail } = words(error, name)
      toast('error', title, detail)
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('views.dialog.delete', { name })}
      action={t('views.dialog.deleteAction')}
      isBusy={run.isPending}
      onConfirm={() => run.mutate()}
      onClose={onClose}
    >
      {view.shared ? t('views.dialog.deleteShared', { scope }) : t('views.dialog.deleteOwn')}
    </ConfirmDialog>
  )
}
