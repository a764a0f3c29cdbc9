import { Button, Field, Textarea } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  addLeadComment,
  changeLeadComment,
  deleteLeadComment,
  listLeadComments,
  type ShownLeadComment,
} from '../../api/lead-comments.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import styles from './leads.module.css'

/** Characters of one comment, as the API takes it; told once it comes near. */
const LENGTH_MAX = 4_000
const TELL_LENGTH_FROM = 3_500

/** What was begun stays while one looks at another lead or part. */
const drafts = new Map<string, string>()

/** Comments on a lead, the newest first: everybody who sees the lead reads them, each changes his own. Source: seed 000. */
export function LeadComments({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const comments = useQuery({
    queryKey: ['lead-comments', operatorId, lead.id, lead.changedAt],
    queryFn: ({ signal }) => listLeadComments(operatorId, lead.id, signal),
    placeholderData: (before, query) => (query?.queryKey[2] === lead.id ? before : undefined),
  })
  const [draft, setDraft] = useState(drafts.get(lead.id) ?? '')
  const keep = (text: string) => {
    setDraft(text)
    if (text === '') drafts.delete(lead.id)
    else drafts.set(lead.id, text)
  }
  const add = useMutation({
    mutationFn: (text: string) => addLeadComment(operatorId, lead.id, text),
    onSuccess: () => {
      keep('')
      return refresh()
    },
  })
  return (
    <>
      <CommentForm
        label={t('leadDesk.comments.add')}
        action={t('leadDesk.comments.addAction')}
        text={draft}
        isBusy={add.isPending}
        error={add.error}
        onChange={keep}
        onSend={(text) => add.mutate(text)}
      />
      {comments.isPending && <LoadingRows count={3} />}
      <ProblemNotice error={comments.error} onRetry={() => void comments.refetch()} />
      {comments.data?.length === 0 && (
        <p className={styles.note}>
          {t('leadDesk.comments.none')} {t('leadDesk.comments.noneText')}
        </p>
      )}
      {comments.data?.toReversed().map((comment) => (
        <Comment key={comment.id} leadId={lead.id} comment={comment} />
      ))}
    </>
  )
}

type CommentFormProps = {
  label: string
  action: string
  text: string
  isBusy: boolean
  error: unknown
  onChange: (text: string) => void
  onSend: (text: string) => void
  onCancel?: () => void
}

function CommentForm({ label, action, text, isBusy, error, onChange, onSend, onCancel }: CommentFormProps) {
  const { t } = useTranslation()
  const length = [...text].length
  const isLong = length > LENGTH_MAX
  const isReady = text.trim() !== '' && !isLong && !isBusy
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) onSend(text)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
    if (event.key === 'Escape' && onCancel) {
      event.stopPropagation()
      onCancel()
    }
  }
  const told = t('leadDesk.comments.length', { count: length, max: LENGTH_MAX })
  return (
    <form onSubmit={submit} className={desk.commentForm}>
      <Field
        label={label}
        {...(isLong
          ? { validationState: 'error' as const, validationMessage: told }
          : { hint: length >= TELL_LENGTH_FROM ? told : null })}
      >
        <Textarea
          value={text}
          resize="vertical"
          rows={3}
          textarea={{ dir: 'auto' }}
          onChange={(_, { value }) => onChange(value)}
          onKeyDown={onKeyDown}
        />
      </Field>
      <ProblemNotice error={error} />
      <div className={desk.commentActions}>
        <PermittedButton
          type="submit"
          size="small"
          appearance="primary"
          permission="leads.write"
          disabledFocusable={!isReady}
        >
          {action}
        </PermittedButton>
        {onCancel && (
          <Button size="small" onClick={onCancel}>
            {t('form.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}

/** What somebody wrote, as text; the author's own can be changed. */
function Comment({ leadId, comment }: { leadId: string; comment: ShownLeadComment }) {
  const { t } = useTranslation()
  const [edited, setEdited] = useState<string | null>(null)
  const [isLeaving, setIsLeaving] = useState(false)
  const { change, remove } = useOwn(leadId, comment.id, {
    onChanged: () => setEdited(null),
    onRemoved: () => setIsLeaving(false),
  })
  return (
    <article className={desk.comment} aria-label={t('leadDesk.comments.of', { author: comment.author })}>
      <header className={desk.commentHead}>
        <strong dir="auto">{comment.author}</strong>
        <RelativeTime instant={comment.at} />
        {comment.editedAt && <span className={styles.quiet}>{t('leadDesk.comments.edited')}</span>}
        {comment.isOwn && edited === null && (
          <span className={desk.commentOwn}>
            <PermittedButton
              size="small"
              appearance="subtle"
              permission="leads.write"
              onClick={() => setEdited(comment.text)}
            >
              {t('leadDesk.comments.edit')}
            </PermittedButton>
            <PermittedButton
              size="small"
              appearance="subtle"
              permission="leads.write"
              onClick={() => setIsLeaving(true)}
            >
              {t('leadDesk.comments.delete')}
            </PermittedButton>
          </span>
        )}
      </header>
      {edited === null ? (
        <p className={desk.commentText} dir="auto">
          {comment.text}
        </p>
      ) : (
        <CommentForm
          label={t('leadDesk.comments.editLabel')}
          action={t('form.save')}
          text={edited}
          isBusy={change.isPending}
          error={change.error}
          onChange={setEdited}
          onSend={(text) => change.mutate(text)}
          onCancel={() => setEdited(null)}
        />
      )}
      {isLeaving && (
        <ConfirmDialog
          title={t('leadDesk.comments.deleteAsk')}
          action={t('leadDesk.comments.delete')}
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setIsLeaving(false)}
        >
          <ProblemNotice error={remove.error} />
          {t('leadDesk.comments.deleteText')}
        </ConfirmDialog>
      )}
    </article>
  )
}

function useOwn(leadId: string, commentId: string, done: { onChanged: () => void; onRemoved: () => void }) {
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const change = useMutation({
    mutationFn: (text: string) => changeLeadComment(operatorId, leadId, commentId, text),
    onSuccess: () => {
      done.onChanged()
      return refresh()
    },
  })
  const remove = useMutation({
    mutationFn: () => deleteLeadComment(operatorId, leadId, commentId),
    onSuccess: () => {
      done.onRemoved()
      return refresh()
    },
  })
  return { change, remove }
}
