import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getTaggedLead, type RelationshipStatus, setLeadRelationship } from '../../api/direct-leads.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { useToast } from '../../ui/toasts.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import { relationshipWord } from './lead-relationship-words.ts'
import { leadIdsIn } from './lead-there.tsx'
import { LeadsById } from './new-lead-fields.tsx'
import { knownRelationship, RelationshipFields, readRelationship } from './relationship-fields.tsx'

type Relationship = DeskLeadDetail['relationship']
type Wanted = { status: RelationshipStatus; comment: string }
type Outcome = { kind: 'written'; lead: DeskLeadDetail } | { kind: 'theirs'; relationship: Relationship }

/**
 * Writes the relationship to Microsoft. Whoever changed it meanwhile, there or here, is shown first, and written over only
 * when asked again.
 */
export function LeadRelationshipDialog({ lead, onClose }: { lead: DeskLeadDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState({ status: knownRelationship(lead.relationship?.status), comment: '' })
  const { save, theirs } = useSave(lead, onClose)
  const wanted = readRelationship(typed)
  const isReady = wanted !== null && !save.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) save.mutate(wanted)
  }
  const company = lead.companyName || lead.tenantId
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: 520 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t('leadDesk.relationship.ask', { company })}</DialogTitle>
            <DialogContent className={`${desk.form}`}>
              <RelationshipFields typed={typed} onChange={setTyped} />
              {theirs && <Conflict theirs={theirs.relationship} />}
              <ProblemNotice error={save.error} />
              {save.error instanceof ApiProblem && save.error.code === 'relationship-elsewhere' && (
                <LeadsById leadIds={leadIdsIn(save.error)} onFollow={onClose} />
              )}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t('form.cancel')}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                {t(save.isPending ? 'form.saving' : theirs ? 'leadDesk.relationship.writeOver' : 'form.save')}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

/** What somebody else made of it while one had the dialog open. */
function Conflict({ theirs }: { theirs: Relationship }) {
  const { t } = useTranslation()
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('leadDesk.relationship.changed')}</MessageBarTitle>{' '}
        {t('leadDesk.relationship.changedText', { word: relationshipWord(t, theirs) })}
        {theirs?.comment && (
          <q className={desk.quote} dir="auto">
            {theirs.comment}
          </q>
        )}
      </MessageBarBody>
    </MessageBar>
  )
}

function useSave(lead: DeskLeadDetail, onClose: () => void) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const toast = useToast()
  const [opened] = useState({ relationship: lead.relationship })
  const [theirs, setTheirs] = useState<{ relationship: Relationship } | null>(null)
  const save = useMutation({
    mutationFn: (wanted: Wanted) => write(operatorId, lead.id, wanted, (theirs ?? opened).relationship),
    onSuccess: (outcome) => {
      if (outcome.kind === 'theirs') setTheirs({ relationship: outcome.relationship })
      else {
        toast('success', t('leadDesk.relationship.saved', { word: relationshipWord(t, outcome.lead.relationship) }))
        onClose()
      }
      return refresh()
    },
  })
  return { save, theirs }
}

/** Two attempts: the lead may change in between for reasons that have nothing to do with the relationship. */
async function write(operatorId: number, leadId: string, wanted: Wanted, seen: Relationship): Promise<Outcome> {
  const { status, comment } = wanted
  for (let attempt = 1; ; attempt += 1) {
    const { body, tag } = await getTaggedLead(operatorId, leadId)
    if (!isSame(body.relationship, seen)) return { kind: 'theirs', relationship: body.relationship }
    try {
      const written = await setLeadRelationship(operatorId, leadId, { status, ...(comment && { comment }) }, tag)
      return { kind: 'written', lead: written }
    } catch (error) {
      const isStale = error instanceof ApiProblem && (error.code === 'relationship-changed' || error.status === 412)
      if (!isStale || attempt === 2) throw error
    }
  }
}

function isSame(a: Relationship, b: Relationship): boolean {
  return (a?.status ?? null) === (b?.status ?? null) && (a?.comment ?? '') === (b?.comment ?? '')
}
