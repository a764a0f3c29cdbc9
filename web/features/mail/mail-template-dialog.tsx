import { Field, Input } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  createMailTemplate,
  type MailVariable,
  setMailTemplate,
  type TemplateAsked,
  type WireMailTemplate,
} from '../../api/mail-templates.ts'
import { ApiProblem } from '../../api/problem.ts'
import { FormDialog } from '../../shell/form-dialog.tsx'
import { useOperator } from '../../shell/operator.ts'
import { MailTextFields } from '../../ui/mail-text-fields.tsx'
import { useToast } from '../../ui/toasts.tsx'
import styles from './mail.module.css'

type DialogProps = {
  /** Null: a new one. */
  template: WireMailTemplate | null
  variables: readonly MailVariable[]
  onClose: () => void
}

const EMPTY: TemplateAsked = { name: '', subject: '', body: '', language: 'en' }

/** Name and text of a template. What is wrong with it is said where it stands. */
export function MailTemplateDialog({ template, variables, onClose }: DialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<TemplateAsked>(template ?? EMPTY)
  const save = useSave(template, onClose)
  const wrong = save.error instanceof ApiProblem ? save.error.fieldErrors() : new Map<string, string>()
  const isReady = [typed.name, typed.subject, typed.body].every((text) => text.trim() !== '') && !save.isPending
  return (
    <FormDialog
      title={
        template ? t('customerMail.templates.editTitle', { name: template.name }) : t('customerMail.templates.newTitle')
      }
      action={t(save.isPending ? 'form.saving' : 'form.save')}
      width={680}
      isReady={isReady}
      error={wrong.size === 0 ? save.error : null}
      onSubmit={() => {
        const { name, subject, body, language } = typed
        save.mutate({ name: name.trim(), subject, body, language })
      }}
      onClose={onClose}
    >
      <Field
        label={t('customerMail.templates.name')}
        required
        {...(wrong.has('name') && {
          validationState: 'error' as const,
          validationMessage: wrong.get('name') ?? '',
        })}
      >
        <Input
          value={typed.name}
          maxLength={100}
          autoComplete="off"
          input={{ dir: 'auto' }}
          onChange={(_, { value }) => setTyped({ ...typed, name: value })}
        />
      </Field>
      <MailTextFields
        text={typed}
        variables={variables}
        wrong={wrong}
        rows={14}
        onChange={(text) => setTyped({ ...typed, ...text })}
      />
      <span className={styles.quiet}>{t('customerMail.templates.variablesText')}</span>
    </FormDialog>
  )
}

function useSave(template: WireMailTemplate | null, onClose: () => void) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (asked: TemplateAsked) =>
      template ? setMailTemplate(operatorId, template.id, asked) : createMailTemplate(operatorId, asked),
    onSuccess: () => {
      toast('success', t('customerMail.templates.saved'))
      onClose()
      return queries.invalidateQueries({ queryKey: ['mail-templates', operatorId] })
    },
  })
}
