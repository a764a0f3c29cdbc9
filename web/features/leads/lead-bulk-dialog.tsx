import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Textarea,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BulkDetails, changeLeads, type LeadBulkAction } from '../../api/lead-bulk.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useTaskStarted } from '../../shell/use-task-toast.ts'
import { ChannelChoice } from './channel-choice.tsx'
import { DueFields, readDue, type TypedDue, typedDue } from './due-fields.tsx'
import { type ChosenLeads, choiceOf, countChosen } from './lead-bulk-choice.ts'
import { useBulkPreview } from './lead-bulk-preview.ts'
import { BulkPreviewText } from './lead-bulk-preview-text.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { type ChosenOwner, OwnerChoice } from './owner-choice.tsx'
import { RelationshipFields, readRelationship, type TypedRelationship } from './relationship-fields.tsx'

/** As long as a comment may be. Source: contract/lead-comments.ts. */
const COMMENT_MAX = 4_000
const UNDOABLE: readonly LeadBulkAction[] = ['assign-channel', 'remove-channel', 'set-owner', 'set-due']

/** A mail has a dialog of its own. */
export type PlainBulkAction = Exclude<LeadBulkAction, 'mail'>

type BulkDialogProps = { action: PlainBulkAction; chosen: ChosenLeads; onClose: () => void; onStarted: () => void }

/** Says what would come of it, asks for what it needs, and starts the task. */
export function LeadBulkDialog({ action, chosen, onClose, onStarted }: BulkDialogProps) {
  const { t } = useTranslation()
  const [channelId, setChannelId] = useState<number | null>(null)
  const [comment, setComment] = useState('')
  const [relationship, setRelationship] = useState<TypedRelationship>({ status: null, comment: '' })
  const [owner, setOwner] = useState<ChosenOwner>(undefined)
  const [due, setDue] = useState<TypedDue>(() => typedDue(null))
  const preview = useBulkPreview(chosen, { action, channelId: channelId ?? undefined })
  const start = useStart(action, chosen, onStarted)
  const details = detailsOf(action, { channelId, comment, relationship, owner, due })
  const count = countChosen(chosen)
  const isReady = details !== null && preview !== null && preview.willChange > 0 && !start.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) start.mutate(details)
  }
  const counted = (number: number) => ({ count: number, shown: number.toLocaleString() })
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 520 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t(`leadBulk.ask.${action}`, counted(count))}</DialogTitle>
            <DialogContent className={`${desk.form}`}>
              {action === 'assign-channel' && <ChannelChoice exceptId={null} onChoose={setChannelId} />}
              {action === 'comment' && <CommentField text={comment} onChange={setComment} />}
              {action === 'set-relationship' && <RelationshipFields typed={relationship} onChange={setRelationship} />}
              {action === 'set-owner' && <OwnerChoice onChoose={setOwner} />}
              {action === 'set-due' && <DueFields typed={due} onChange={setDue} />}
              <p>{t(`leadBulk.text.${action}`)}</p>
              <BulkPreviewText action={action} preview={preview} />
              {UNDOABLE.includes(action) && <p className={desk.choiceText}>{t('leadBulk.undo')}</p>}
              <ProblemNotice error={start.error} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" className={`${desk.oneLine}`} disabledFocusable={!isReady}>
                {start.isPending
                  ? t('leadBulk.starting')
                  : t(`leadBulk.go.${action}`, counted(preview?.willChange ?? count))}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

function CommentField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const { length } = text.trim()
  return (
    <Field
      label={t('leadBulk.comment')}
      required
      hint={t('leadDesk.comments.length', { count: length, max: COMMENT_MAX })}
      {...(length > COMMENT_MAX && { validationState: 'error' as const })}
    >
      <Textarea
        value={text}
        resize="vertical"
        rows={4}
        textarea={{ dir: 'auto' }}
        onChange={(_, { value }) => onChange(value)}
      />
    </Field>
  )
}

type Typed = {
  channelId: number | null
  comment: string
  relationship: TypedRelationship
  owner: ChosenOwner
  due: TypedDue
}

/** What goes with the action; null while something is missing. */
function detailsOf(
  action: LeadBulkAction,
  { channelId, comment, relationship, owner, due }: Typed,
): BulkDetails | null {
  if (action === 'assign-channel') return channelId === null ? null : { channelId }
  if (action === 'comment') {
    const text = comment.trim()
    return text === '' || text.length > COMMENT_MAX ? null : { comment: text }
  }
  if (action === 'set-owner') return owner === undefined ? null : { ownerId: owner }
  if (action === 'set-due') {
    const dueAt = readDue(due)
    return dueAt === undefined ? null : { dueAt }
  }
  if (action !== 'set-relationship') return {}
  const written = readRelationship(relationship)
  return written && { relationship: written }
}

function useStart(action: LeadBulkAction, chosen: ChosenLeads, onStarted: () => void) {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useLeadRefresh()
  const started = useTaskStarted()
  return useMutation({
    mutationFn: (details: BulkDetails) => changeLeads(operatorId, action, details, choiceOf(chosen)),
    onSuccess: (task) => {
      started(operatorId, task)
      onStarted()
      return queries.invalidateQueries({ queryKey: ['tasks', operatorId] })
    },
    // Another number matches by now: the list and the dialog show it, and one decides again.
    onError: () => refresh(),
  })
}
