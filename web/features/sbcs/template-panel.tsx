import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem.ts'
import {
  createScriptTemplate,
  deleteScriptTemplate,
  type ScriptTemplateBody,
  updateScriptTemplate,
  type WireScriptTemplate,
} from '../../api/sbcs.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { PanelBody, SidePanel } from '../../ui/side-panel.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { wrongFields } from './device-panel.tsx'
import { templateQuery } from './sbc-queries.ts'
import styles from './sbcs.module.css'
import { TemplateForm } from './template-form.tsx'
import { TemplatePreview } from './template-preview.tsx'

type TemplatePanelProps = {
  /** null: a new one. */
  templateId: number | null
  onOpen: (templateId: number) => void
  onClose: () => void
}

const EMPTY: ScriptTemplateBody = {
  name: '',
  purpose: 'onboarding',
  description: '',
  make: 'mediant',
  script: '',
  variables: [],
}

export function TemplatePanel({ templateId, onOpen, onClose }: TemplatePanelProps) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<ScriptTemplateBody | null>(null)
  if (templateId === null || copied) {
    const begin = copied ?? EMPTY
    return (
      <SidePanel title={t('sbcs.template.new')} onClose={onClose} takesFocus={true}>
        <PanelBody label={t('sbcs.template.new')}>
          <NewTemplate begin={begin} onCreated={onOpen} />
        </PanelBody>
      </SidePanel>
    )
  }
  return <KnownTemplate templateId={templateId} onCopy={setCopied} onClose={onClose} />
}

function NewTemplate({ begin, onCreated }: { begin: ScriptTemplateBody; onCreated: (templateId: number) => void }) {
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: (template: ScriptTemplateBody) => createScriptTemplate(operatorId, template),
    onSuccess: async (template) => {
      await queries.invalidateQueries({ queryKey: ['script-templates', operatorId] })
      onCreated(template.id)
    },
  })
  return (
    <>
      <ProblemNotice error={create.error} />
      <TemplateForm
        begin={begin}
        isNew
        isBusy={create.isPending}
        wrong={wrongFields(create.error)}
        onSave={(template) => create.mutate(template)}
      />
    </>
  )
}

type KnownProps = { templateId: number; onCopy: (template: ScriptTemplateBody) => void; onClose: () => void }

function KnownTemplate({ templateId, onCopy, onClose }: KnownProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const template = useQuery(templateQuery(operatorId, templateId))
  const shown = template.data?.body
  const title = shown?.name ?? t('sbcs.template.one')
  return (
    <SidePanel
      title={title}
      subtitle={
        shown && (
          <span>
            {t(`sbcs.purpose.${shown.purpose}`)} · {t('sbcs.template.ofVersion', { version: shown.version })}
          </span>
        )
      }
      onClose={onClose}
      takesFocus={true}
    >
      <PanelBody label={title}>
        <ProblemNotice error={template.error} onRetry={() => void template.refetch()} />
        {template.isPending && <LoadingRows count={6} />}
        {shown && (
          <>
            {shown.isBuiltIn ? (
              <>
                <p className={styles.note}>{t('sbcs.template.builtInText')}</p>
                {shown.description && <p className={styles.note}>{shown.description}</p>}
                <pre className={styles.script}>{shown.script}</pre>
              </>
            ) : (
              <EditTemplate template={shown} tag={template.data?.tag ?? null} />
            )}
            <h3 className={styles.section}>{t('sbcs.preview.title')}</h3>
            <TemplatePreview template={shown} />
            <div className={styles.actions}>
              <PermittedButton
                permission="sbcs.manage"
                onClick={() => onCopy(copyOf(shown, t('sbcs.template.copyOf')))}
              >
                {t('sbcs.template.copy')}
              </PermittedButton>
              {!shown.isBuiltIn && <DeleteTemplate template={shown} onDeleted={onClose} />}
            </div>
          </>
        )}
      </PanelBody>
    </SidePanel>
  )
}

/** A template to begin from; what Leadline gives by itself need not be declared. */
function copyOf({ name, ...template }: WireScriptTemplate, prefix: string): ScriptTemplateBody {
  return { ...bodyOf({ name, ...template }), name: `${prefix} ${name}`.slice(0, 80) }
}

function bodyOf({ name, purpose, description, make, script, variables }: WireScriptTemplate): ScriptTemplateBody {
  const asked = variables.filter(({ given }) => !given).map(({ given: _given, ...variable }) => variable)
  return { name, purpose, description, make, script, variables: asked }
}

function EditTemplate({ template, tag }: { template: WireScriptTemplate; tag: string | null }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const update = useMutation({
    mutationFn: (body: ScriptTemplateBody) => updateScriptTemplate(operatorId, template.id, body, tag),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['script-templates', operatorId] })
      toast('success', t('sbcs.device.saved', { name: template.name }))
    },
    // Somebody else was faster: the form then begins from what they wrote.
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 412)
        void queries.invalidateQueries({ queryKey: ['script-templates', operatorId] })
    },
  })
  return (
    <>
      <ProblemNotice error={update.error} />
      <TemplateForm
        key={`${template.version} ${template.changedAt}`}
        begin={bodyOf(template)}
        isBusy={update.isPending}
        wrong={wrongFields(update.error)}
        onSave={(body) => update.mutate(body)}
      />
    </>
  )
}

function DeleteTemplate({ template, onDeleted }: { template: WireScriptTemplate; onDeleted: () => void }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteScriptTemplate(operatorId, template.id),
    onSuccess: async () => {
      onDeleted()
      await queries.invalidateQueries({ queryKey: ['script-templates', operatorId] })
    },
  })
  return (
    <>
      <PermittedButton permission="sbcs.manage" onClick={() => setIsAsking(true)}>
        {t('sbcs.template.delete')}
      </PermittedButton>
      {isAsking && (
        <ConfirmDialog
          title={t('sbcs.template.deleteAsk', { name: template.name })}
          action={t('sbcs.template.delete')}
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setIsAsking(false)}
        >
          <ProblemNotice error={remove.error} />
          <p>{t('sbcs.template.deleteText')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
