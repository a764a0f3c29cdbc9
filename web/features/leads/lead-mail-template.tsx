import { Field, Select } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { MailAsked } from '../../api/lead-mails.ts'
import type { WireMailTemplate } from '../../api/mail-templates.ts'

type TemplateProps = { templates: readonly WireMailTemplate[]; asked: MailAsked; onChange: (asked: MailAsked) => void }

/** Takes the text of a template; values that were given before stay. */
export function LeadMailTemplate({ templates, asked, onChange }: TemplateProps) {
  const { t } = useTranslation()
  const current = templates.find(({ id }) => id === asked.templateId)
  const isEdited = current !== undefined && (current.subject !== asked.subject || current.body !== asked.body)
  const choose = (id: string) => {
    const template = templates.find((one) => one.id === id)
    const values = asked.values === undefined ? {} : { values: asked.values }
    if (!template) return onChange({ subject: '', body: '', language: asked.language, ...values })
    const { subject, body, language } = template
    onChange({ templateId: id, subject, body, language, ...values })
  }
  return (
    <Field label={t('customerMail.template')} hint={isEdited ? t('customerMail.templateEdited') : null}>
      <Select value={asked.templateId ?? ''} onChange={(_, { value }) => choose(value)}>
        {templates.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        <option value="">{t('customerMail.noTemplate')}</option>
      </Select>
    </Field>
  )
}
