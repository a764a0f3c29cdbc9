import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Select,
  Switch,
} from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { applyLicense, previewLicense, type WireLicenseAsked, type WireLicensePreview } from '../../api/licenses.ts'
import { ApiProblem } from '../../api/problem.ts'
import { watchTask } from '../../api/tasks.ts'
import { AdvancedSettings, useAdvancedChoices } from '../../shell/advanced-settings.tsx'
import { askedVariables, emptyAdvanced, readAdvanced, type TypedAdvanced } from '../../shell/advanced-values.ts'
import { FollowedTask } from '../../shell/followed-task.tsx'
import { LcCustomerChoice } from '../../shell/lc-customer-choice.tsx'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import desk from './lead-desk.module.css'
import { LeadLicenseSummary } from './lead-license-summary.tsx'
import { useLeadRefresh } from './lead-refresh.ts'
import styles from './leads.module.css'
import { ShortNameField, useShortName } from './short-name-field.tsx'
import '../../words/en-services.ts'

const FULL_NAME_MAX = 256

type LicenseDialogProps = { lead: DeskLead; onClose: () => void }

/**
 * "Change Status" of seed 004: what the service is to be called and hang on, then all that will happen, then the task that
 * does it, which goes on when the dialog is closed.
 */
export function LeadLicenseDialog({ lead, onClose }: LicenseDialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(() => begin(lead))
  const shortName = useShortName(typed.shortName, lead.companyName)
  const asked = useAsked(typed, shortName.name)
  const work = useWork(lead)
  const company = lead.companyName || lead.tenantId
  const stage = work.apply.data ? 'task' : work.preview.data ? 'summary' : 'form'
  const change = (changed: Partial<Typed>) => {
    setTyped({ ...typed, ...changed })
    work.preview.reset()
  }
  const isReady = asked !== null && shortName.verdict?.ok === true && !work.preview.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (asked === null) return
    if (stage === 'form' && isReady) work.preview.mutate({ asked, preflight: asked.advanced !== undefined })
    if (stage === 'summary' && work.preview.data?.allowed && !work.apply.isPending) work.apply.mutate(asked)
  }
  return (
    // A click beside it must not lose what was typed.
    <Dialog open onOpenChange={(_, { open, type }) => !open && type !== 'backdropClick' && onClose()}>
      <DialogSurface style={{ maxWidth: typed.isAdvanced ? 760 : 560 }}>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t(`license.title.${stage}`, { company, license: 'OC Essential' })}</DialogTitle>
            <DialogContent className={`${desk.form}`}>
              {stage === 'form' && (
                <LicenseForm lead={lead} typed={typed} shortName={shortName} onChange={change}>
                  <ProblemNotice error={work.preview.error} />
                </LicenseForm>
              )}
              {stage === 'summary' && work.preview.data && (
                <>
                  <LeadLicenseSummary
                    preview={work.preview.data}
                    isAsking={work.preview.isPending}
                    onAskAgain={asked?.advanced ? () => work.preview.mutate({ asked, preflight: true }) : undefined}
                  />
                  <ProblemNotice error={work.apply.error} />
                </>
              )}
              {work.apply.data && <FollowedTask taskId={work.apply.data.id} onLeave={onClose} />}
            </DialogContent>
            <DialogActions>
              {stage === 'summary' && (
                <Button
                  onClick={() => {
                    work.preview.reset()
                    work.apply.reset()
                  }}
                >
                  {t('license.back')}
                </Button>
              )}
              <Button onClick={onClose}>{t(stage === 'task' ? 'license.close' : 'form.cancel')}</Button>
              {stage === 'form' && (
                <Button type="submit" appearance="primary" disabledFocusable={!isReady}>
                  {t(work.preview.isPending ? 'license.looking' : 'license.store')}
                </Button>
              )}
              {stage === 'summary' && (
                <Button
                  type="submit"
                  appearance="primary"
                  className={`${desk.oneLine}`}
                  disabledFocusable={!work.preview.data?.allowed || work.apply.isPending}
                >
                  {t(work.apply.isPending ? 'license.applying' : 'license.apply', { license: 'OC Essential' })}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  )
}

type Typed = {
  /** null: the proposal, until somebody types another one. */
  shortName: string | null
  fullName: string
  lcCustomerId: number | null
  isAdvanced: boolean
  advanced: TypedAdvanced
}

function begin({ companyName }: DeskLead): Typed {
  const fullName = (companyName ?? '').trim().slice(0, FULL_NAME_MAX)
  return { shortName: null, fullName, lcCustomerId: null, isAdvanced: false, advanced: emptyAdvanced }
}

/** What would be sent; null while something is missing. */
function useAsked(typed: Typed, shortName: string): WireLicenseAsked | null {
  const { templates } = useAdvancedChoices(typed.isAdvanced)
  return useMemo(() => {
    const { fullName, lcCustomerId, isAdvanced } = typed
    const advanced = isAdvanced ? readAdvanced(typed.advanced, askedVariables(typed.advanced, templates)) : undefined
    if (shortName === '' || advanced === null) return null
    return {
      shortName,
      ...(fullName.trim() !== '' && { fullName: fullName.trim() }),
      ...(lcCustomerId !== null && { lcCustomerId }),
      ...(advanced && { advanced }),
    }
  }, [typed, shortName, templates])
}

function useWork(lead: DeskLead) {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const refresh = useLeadRefresh()
  const preview = useMutation({
    mutationFn: ({ asked, preflight }: { asked: WireLicenseAsked; preflight: boolean }): Promise<WireLicensePreview> =>
      previewLicense(operatorId, lead.id, preflight ? { ...asked, preflight } : asked),
  })
  const apply = useMutation({
    mutationFn: (asked: WireLicenseAsked) => applyLicense(operatorId, lead.id, asked),
    onSuccess: (task) => {
      watchTask({ operatorId, taskId: task.id })
      return Promise.all([refresh(), queries.invalidateQueries({ queryKey: ['tasks', operatorId] })])
    },
    // It may have become a service, or another one may have the name: the lists say which.
    onError: (error) => {
      if (error instanceof ApiProblem && error.status < 500) void refresh()
    },
  })
  return { preview, apply }
}

type LicenseFormProps = {
  lead: DeskLead
  typed: Typed
  shortName: ReturnType<typeof useShortName>
  onChange: (change: Partial<Typed>) => void
  children: ReactNode
}

function LicenseForm({ lead, typed, shortName, onChange, children }: LicenseFormProps) {
  const { t } = useTranslation()
  const { can, isWholeOperator } = useOperator()
  return (
    <>
      <Field label={t('license.status')} required hint={t('license.statusHint')}>
        <Select value="OC Essential" onChange={() => undefined}>
          <option value="Active" disabled>
            {t('lead.status.Active')}
          </option>
          <option>OC Essential</option>
        </Select>
      </Field>
      <ShortNameField shortName={shortName} onChange={(text) => onChange({ shortName: text })} />
      <Field label={t('license.fullName')}>
        <Input
          value={typed.fullName}
          maxLength={FULL_NAME_MAX}
          placeholder={lead.companyName ?? ''}
          input={{ dir: 'auto' }}
          onChange={(_, { value }) => onChange({ fullName: value })}
        />
      </Field>
      <LcCustomerChoice
        channelId={lead.channel?.id ?? null}
        chosenId={typed.lcCustomerId}
        proposedName={lead.companyName ?? ''}
        onChoose={(lcCustomerId) => onChange({ lcCustomerId })}
      />
      {isWholeOperator && can('sbcs.read') && (
        <Switch
          checked={typed.isAdvanced}
          label={t('license.advanced')}
          onChange={(_, { checked }) => onChange({ isAdvanced: checked })}
        />
      )}
      {!typed.isAdvanced && <p className={styles.note}>{t('license.byTenant')}</p>}
      {typed.isAdvanced && (
        <AdvancedSettings
          typed={typed.advanced}
          wrong={NOTHING_WRONG}
          hasModel
          onChange={(advanced) => onChange({ advanced })}
        />
      )}
      {children}
    </>
  )
}

const NOTHING_WRONG: ReadonlyMap<string, string> = new Map()
