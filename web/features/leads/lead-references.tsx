import { Button, Field, Input, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getLeadReferences, type LeadReferences as References, setLeadReferences } from '../../api/lead-references.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import desk from './lead-desk.module.css'
import { useLeadRefresh } from './lead-refresh.ts'
import styles from './leads.module.css'

const names = ['crmId', 'orderId', 'billingAccount'] as const
/** As the API takes it. */
const LENGTH_MAX = 100

/** What the lead is called in one's own systems: shown, copied, changed in place. */
export function LeadReferences({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const [isEdited, setIsEdited] = useState(false)
  const known = names.filter((name) => lead.references[name] !== null)
  return (
    <section aria-label={t('leadDesk.references.title')}>
      <div className={desk.sectionHead}>
        <h3 className={styles.section}>{t('leadDesk.references.title')}</h3>
        {!isEdited && (
          <PermittedButton size="small" permission="leads.write" onClick={() => setIsEdited(true)}>
            {t(known.length > 0 ? 'leadDesk.references.change' : 'leadDesk.references.add')}
          </PermittedButton>
        )}
      </div>
      {isEdited ? (
        <ReferenceForm lead={lead} onClose={() => setIsEdited(false)} />
      ) : known.length > 0 ? (
        <Facts>
          {known.map((name) => (
            <Fact key={name} name={t(`leadDesk.history.name.${name}`)}>
              <span className={desk.reference} dir="auto">
                {lead.references[name]}
              </span>
              <CopyButton text={lead.references[name] ?? ''} what={t(`leadDesk.history.name.${name}`)} />
            </Fact>
          ))}
        </Facts>
      ) : (
        <p className={styles.note}>{t('leadDesk.references.none')}</p>
      )}
    </section>
  )
}

function ReferenceForm({ lead, onClose }: { lead: DeskLeadDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(() => textsOf(lead.references))
  const { save, theirs } = useSave(lead, onClose)
  const isLong = names.some((name) => [...typed[name].trim()].length > LENGTH_MAX)
  const isReady = !isLong && !save.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) save.mutate(referencesOf(typed))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
  }
  return (
    <form onSubmit={submit} onKeyDown={onKeyDown} className={desk.references} noValidate>
      {names.map((name, index) => (
        <Field
          key={name}
          label={t(`leadDesk.history.name.${name}`)}
          {...([...typed[name].trim()].length > LENGTH_MAX
            ? { validationMessage: t('leadDesk.references.long', { max: LENGTH_MAX }) }
            : {})}
        >
          <Input
            value={typed[name]}
            autoFocus={index === 0}
            input={{ dir: 'auto', spellCheck: false }}
            autoComplete="off"
            onChange={(_, { value }) => setTyped({ ...typed, [name]: value })}
          />
        </Field>
      ))}
      {theirs && <Conflict theirs={theirs} />}
      <ProblemNotice error={save.error} />
      <div className={desk.commentActions}>
        <PermittedButton
          type="submit"
          size="small"
          appearance="primary"
          permission="leads.write"
          disabledFocusable={!isReady}
        >
          {t(theirs ? 'leadDesk.references.writeOver' : 'leadDesk.references.save')}
        </PermittedButton>
        <Button size="small" onClick={onClose}>
          {t('form.cancel')}
        </Button>
      </div>
      <p className={styles.note}>{t('leadDesk.references.shared')}</p>
    </form>
  )
}

/**
 * Whatever else changed of the lead since the form was opened is no matter. References that somebody else changed meanwhile
 * are shown first, and written over only when asked again.
 */
function useSave(lead: DeskLeadDetail, onSaved: () => void) {
  const { operatorId } = useOperator()
  const refresh = useLeadRefresh()
  const [known, setKnown] = useState(lead.references)
  const [theirs, setTheirs] = useState<References | null>(null)
  const save = useMutation({
    mutationFn: async (wanted: References) => {
      const { body, tag } = await getLeadReferences(operatorId, lead.id)
      setKnown(body)
      if (names.some((name) => body[name] !== known[name])) {
        setTheirs(body)
        return
      }
      await setLeadReferences(operatorId, lead.id, wanted, tag)
      await refresh()
      onSaved()
    },
  })
  return { save, theirs }
}

/** What the references are by now. */
function Conflict({ theirs }: { theirs: References }) {
  const { t } = useTranslation()
  const told = names.map(
    (name) => `${t(`leadDesk.history.name.${name}`)}: ${theirs[name] ?? t('leadDesk.history.none')}`,
  )
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('leadDesk.references.changed')}</MessageBarTitle>{' '}
        {t('leadDesk.references.changedText', { now: told.join('; ') })}
      </MessageBarBody>
    </MessageBar>
  )
}

function textsOf(references: References): Record<(typeof names)[number], string> {
  const { crmId, orderId, billingAccount } = references
  return { crmId: crmId ?? '', orderId: orderId ?? '', billingAccount: billingAccount ?? '' }
}

function referencesOf(typed: ReturnType<typeof textsOf>): References {
  const given = (text: string) => text.trim() || null
  return { crmId: given(typed.crmId), orderId: given(typed.orderId), billingAccount: given(typed.billingAccount) }
}
