import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import { checkSbc, createSbc, deleteSbc, type SbcChange, updateSbc, type WireSbc } from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { Fact, Facts, LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { DeviceForm } from './device-form.tsx'
import { SbcHealth } from './sbc-health.tsx'
import { sbcQuery } from './sbc-queries.ts'
import styles from './sbcs.module.css'

type DevicePanelProps = {
  /** null: a new one. */
  sbcId: number | null
  onCreated: (sbcId: number) => void
  onClose: () => void
}

export function DevicePanel({ sbcId, onCreated, onClose }: DevicePanelProps) {
  return sbcId === null ? (
    <NewDevice onCreated={onCreated} onClose={onClose} />
  ) : (
    <KnownDevice sbcId={sbcId} onClose={onClose} />
  )
}

function NewDevice({ onCreated, onClose }: Pick<DevicePanelProps, 'onCreated' | 'onClose'>) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: (sbc: SbcChange & { name: string }) => createSbc(operatorId, sbc),
    onSuccess: async (sbc) => {
      await queries.invalidateQueries({ queryKey: ['sbcs', operatorId] })
      onCreated(sbc.id)
    },
  })
  return (
    <SidePanel title={t('sbcs.device.new')} onClose={onClose} takesFocus={true}>
      <PanelBody label={t('sbcs.device.new')}>
        <ProblemNotice error={create.error} />
        <DeviceForm
          sbc={undefined}
          isBusy={create.isPending}
          wrong={wrongFields(create.error)}
          onSave={(sbc) => create.mutate(sbc)}
        />
      </PanelBody>
    </SidePanel>
  )
}

function KnownDevice({ sbcId, onClose }: { sbcId: number; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const sbc = useQuery(sbcQuery(operatorId, sbcId))
  const shown = sbc.data?.body
  const title = shown?.name ?? t('sbcs.device.one')
  return (
    <SidePanel title={title} subtitle={shown && <SbcHealth sbc={shown} />} onClose={onClose} takesFocus={true}>
      <PanelBody label={title}>
        <ProblemNotice error={sbc.error} onRetry={() => void sbc.refetch()} />
        {sbc.isPending && <LoadingRows count={6} />}
        {shown && (
          <>
            <DeviceStanding sbc={shown} />
            <h3 className={styles.section}>{t('sbcs.device.settings')}</h3>
            <EditDevice sbc={shown} tag={sbc.data?.tag ?? null} />
            <h3 className={styles.section}>{t('sbcs.device.delete')}</h3>
            <DeleteDevice sbc={shown} onDeleted={onClose} />
          </>
        )}
      </PanelBody>
    </SidePanel>
  )
}

/** What was last heard of it, and what on it is not as it was left. */
function DeviceStanding({ sbc }: { sbc: WireSbc }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const check = useMutation({
    mutationFn: () => checkSbc(operatorId, sbc.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sbcs', operatorId] }),
  })
  const { health, facts, tables, drifts } = sbc
  return (
    <>
      {health.trouble && (
        <p className={styles.note} role="status">
          <strong>{health.trouble.detail}</strong> {health.trouble.remedy}
        </p>
      )}
      <Facts>
        <Fact name={t('sbcs.device.lastContact')}>
          {health.lastContactAt ? <RelativeTime instant={health.lastContactAt} /> : t('sbcs.device.never')}
        </Fact>
        {facts?.version && <Fact name={t('sbcs.device.version')}>{facts.version}</Fact>}
        {facts?.productType && <Fact name={t('sbcs.device.product')}>{facts.productType}</Fact>}
        {facts?.serialNumber && <Fact name={t('sbcs.device.serial')}>{facts.serialNumber}</Fact>}
        {tables.map(({ table, used, limit, left }) => (
          <Fact key={table} name={table}>
            {limit === null ? used : t('sbcs.device.used', { used, limit, left })}
          </Fact>
        ))}
        <Fact name={t('sbcs.device.objects')}>{sbc.objects}</Fact>
        <Fact name={t('sbcs.device.orders')}>{sbc.openOrders}</Fact>
      </Facts>
      {drifts.length > 0 && (
        <>
          <h3 className={styles.section}>{t('sbcs.device.drifts')}</h3>
          <ul className={styles.list}>
            {drifts.map(({ table, name, state, differences }) => (
              <li key={`${table} ${name}`}>
                {t(`sbcs.drift.${state}`, { table, name })}
                {differences.map(({ parameter, expected, found }) => (
                  <div key={parameter} className={styles.note}>
                    {t('sbcs.drift.difference', { parameter, expected, found: found ?? t('lead.none') })}
                  </div>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
      <ProblemNotice error={check.error} />
      {check.data && !check.data.asked && <p className={styles.note}>{t('sbcs.device.notAsked')}</p>}
      <div className={styles.actions}>
        <PermittedButton permission="sbcs.read" disabledFocusable={check.isPending} onClick={() => check.mutate()}>
          {t(check.isPending ? 'sbcs.device.checking' : 'sbcs.device.check')}
        </PermittedButton>
      </div>
    </>
  )
}

function EditDevice({ sbc, tag }: { sbc: WireSbc; tag: string | null }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const update = useMutation({
    mutationFn: (change: SbcChange) => updateSbc(operatorId, sbc.id, change, tag),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sbcs', operatorId] })
      toast('success', t('sbcs.device.saved', { name: sbc.name }))
    },
    // Somebody else was faster: the form then begins from what they wrote.
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 412)
        void queries.invalidateQueries({ queryKey: ['sbcs', operatorId] })
    },
  })
  return (
    <>
      <ProblemNotice error={update.error} />
      <DeviceForm
        key={sbc.changedAt}
        sbc={sbc}
        isBusy={update.isPending}
        wrong={wrongFields(update.error)}
        onSave={(change) => update.mutate(change)}
      />
    </>
  )
}

function DeleteDevice({ sbc, onDeleted }: { sbc: WireSbc; onDeleted: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteSbc(operatorId, sbc.id),
    onSuccess: async () => {
      toast('success', t('sbcs.device.deleted', { name: sbc.name }))
      onDeleted()
      await queries.invalidateQueries({ queryKey: ['sbcs', operatorId] })
    },
  })
  return (
    <>
      <p className={styles.note}>{t('sbcs.device.deleteText')}</p>
      <PermittedButton permission="sbcs.manage" onClick={() => setIsAsking(true)}>
        {t('sbcs.device.delete')}
      </PermittedButton>
      {isAsking && (
        <ConfirmDialog
          title={t('sbcs.device.deleteAsk', { name: sbc.name })}
          action={t('sbcs.device.delete')}
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setIsAsking(false)}
        >
          <ProblemNotice error={remove.error} />
          <p>{t('sbcs.device.deleteText')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

/** What the server says of each field, by its last name: `/body/changeWindow/from` is from. */
export function wrongFields(error: unknown): ReadonlyMap<string, string> {
  if (!(error instanceof ApiProblem)) return new Map()
  return new Map([...error.fieldErrors()].map(([pointer, words]) => [pointer.split('/').at(-1) ?? pointer, words]))
}
