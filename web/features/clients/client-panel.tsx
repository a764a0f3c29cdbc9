import { Checkbox, Field, Input, Select } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { permissions as meanings } from '../../../contract/permissions.ts'
import {
  type ClientChange,
  createClient,
  revokeClient,
  rotateClientSecret,
  updateClient,
  type WireClient,
} from '../../api/clients.ts'
import { ApiProblem } from '../../api/problem.ts'
import { ChannelField } from '../../shell/channel-field.tsx'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormActions, Section } from '../../ui/page.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'

const OVERLAPS = [0, 1, 24, 168, 720] as const

/** Makes a client, or changes one: name, permissions, channel, secret, end. */
export function ClientPanel({ client, onClose }: { client: WireClient | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [secret, setSecret] = useState<string | null>(null)
  const [created, setCreated] = useState<WireClient>()
  const shown = client ?? created
  const refresh = () => void queries.invalidateQueries({ queryKey: ['clients', operatorId] })
  const save = useMutation({
    mutationFn: async (change: ClientChange) => {
      if (shown) return updateClient(operatorId, shown.clientId, change)
      const made = await createClient(operatorId, change)
      setSecret(made.clientSecret)
      setCreated(made)
      return made
    },
    onSuccess: refresh,
  })
  return (
    <SidePanel title={shown?.name ?? t('clients.create')} onClose={onClose} takesFocus={true}>
      <PanelBody label={shown?.name ?? t('clients.create')}>
        {secret && (
          <SecretOnce
            title={t('clients.secret')}
            text={t('clients.secretOnce')}
            secret={secret}
            what={t('clients.secret')}
          />
        )}
        <ProblemNotice error={save.error} />
        <ClientForm
          key={shown?.clientId ?? 'new'}
          client={shown}
          isBusy={save.isPending}
          wrong={save.error instanceof ApiProblem ? save.error.fieldErrors() : new Map()}
          onSave={(change) => save.mutate(change)}
        />
        {shown && shown.revokedAt === null && <SecretAndEnd client={shown} onSecret={setSecret} onChanged={refresh} />}
      </PanelBody>
    </SidePanel>
  )
}

type ClientFormProps = {
  client: WireClient | undefined
  isBusy: boolean
  wrong: Map<string, string>
  onSave: (change: ClientChange) => void
}

function ClientForm({ client, isBusy, wrong, onSave }: ClientFormProps) {
  const { t } = useTranslation()
  const operator = useOperator()
  const [name, setName] = useState(client?.name ?? '')
  const [held, setHeld] = useState<readonly string[]>(client?.permissions ?? ['leads.read'])
  const [channelId, setChannelId] = useState(client?.channelId ?? operator.channelId)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave({ name: name.trim(), permissions: [...held], channelId })
  }
  const error = (field: string) =>
    wrong.has(field) && { validationState: 'error' as const, validationMessage: wrong.get(field) ?? '' }
  return (
    <form onSubmit={submit} style={{ display: 'flex', flexDirection: 'column', gap: 16, marginTop: 8 }}>
      <Field label={t('clients.name')} hint={t('clients.nameHint')} required {...error('name')}>
        <Input value={name} maxLength={200} onChange={(_, { value }) => setName(value)} />
      </Field>
      <ChannelField
        channelId={channelId}
        onChange={setChannelId}
        hint={t('clients.channelHint')}
        wrong={wrong.get('channelId')}
      />
      <fieldset style={{ margin: 0, padding: 0, border: 0 }}>
        <legend style={{ fontSize: 14, marginBottom: 4 }}>{t('clients.permissions')}</legend>
        {Object.entries(meanings).map(([permission, meaning]) => (
          <div key={permission}>
            <Checkbox
              label={`${meaning} (${permission})`}
              checked={held.includes(permission)}
              // Nobody gives what he does not hold; what a client has already may be taken away.
              disabled={!operator.can(permission as keyof typeof meanings) && !held.includes(permission)}
              onChange={(_, { checked }) =>
                setHeld((before) => (checked ? [...before, permission] : before.filter((one) => one !== permission)))
              }
            />
          </div>
        ))}
      </fieldset>
      <FormActions>
        <PermittedButton
          type="submit"
          appearance="primary"
          verdict={client?.actions.update}
          disabledFocusable={isBusy || name.trim() === ''}
        >
          {t(client ? 'form.save' : 'clients.create')}
        </PermittedButton>
      </FormActions>
    </form>
  )
}

type SecretAndEndProps = { client: WireClient; onSecret: (secret: string) => void; onChanged: () => void }

function SecretAndEnd({ client, onSecret, onChanged }: SecretAndEndProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [overlap, setOverlap] = useState('24')
  const [isAsking, setIsAsking] = useState(false)
  const rotate = useMutation({
    mutationFn: () => rotateClientSecret(operatorId, client.clientId, Number(overlap)),
    onSuccess: ({ clientSecret }) => {
      onSecret(clientSecret)
      onChanged()
    },
  })
  const revoke = useMutation({
    mutationFn: () => revokeClient(operatorId, client.clientId),
    onSuccess: () => {
      setIsAsking(false)
      onChanged()
    },
  })
  return (
    <div style={{ marginTop: 24 }}>
      <Section title={t('clients.rotate')} text={t('clients.rotateText')}>
        <ProblemNotice error={rotate.error} />
        <Field label={t('clients.overlap')}>
          <Select value={overlap} onChange={(_, { value }) => setOverlap(value)}>
            {OVERLAPS.map((hours) => (
              <option key={hours} value={hours}>
                {hours === 0 ? t('clients.atOnce') : t('clients.hours', { count: hours })}
              </option>
            ))}
          </Select>
        </Field>
        <FormActions>
          <PermittedButton
            verdict={client.actions.rotateSecret}
            disabledFocusable={rotate.isPending}
            onClick={() => rotate.mutate()}
          >
            {t('clients.rotate')}
          </PermittedButton>
        </FormActions>
      </Section>
      <Section title={t('clients.revoke')} text={t('clients.revokeText')}>
        <PermittedButton verdict={client.actions.revoke} onClick={() => setIsAsking(true)}>
          {t('clients.revoke')}
        </PermittedButton>
      </Section>
      {isAsking && (
        <ConfirmDialog
          title={t('clients.revokeAsk', { name: client.name })}
          action={t('clients.revoke')}
          isBusy={revoke.isPending}
          onConfirm={() => revoke.mutate()}
          onClose={() => setIsAsking(false)}
        >
          <ProblemNotice error={revoke.error} />
          {t('clients.revokeText')}
        </ConfirmDialog>
      )}
    </div>
  )
}
