import {
  Button,
  Field,
  Input,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Textarea,
} from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './mail-text-fields.module.css'

export type MailTextValues = { subject: string; body: string; language: string }

type MailTextFieldsProps = {
  text: MailTextValues
  /** What may stand in the text, with what it means. */
  variables: readonly { name: string; meaning: string; example: string }[]
  /** What is wrong with each field. */
  wrong: ReadonlyMap<string, string>
  rows: number
  onChange: (text: MailTextValues) => void
}

/** As the API takes them. */
const SUBJECT_MAX = 200
const BODY_MAX = 10_000

/** Subject and text of a mail with variables, which can be put in where the cursor is. */
export function MailTextFields({ text, variables, wrong, rows, onChange }: MailTextFieldsProps) {
  const { t } = useTranslation()
  const subject = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTextAreaElement>(null)
  const last = useRef<'subject' | 'body'>('body')
  const insert = (name: string) => {
    const field = last.current
    const element = field === 'subject' ? subject.current : body.current
    const value = text[field]
    const [from, to] = [element?.selectionStart ?? value.length, element?.selectionEnd ?? value.length]
    const put = `{{${name}}}`
    onChange({ ...text, [field]: `${value.slice(0, from)}${put}${value.slice(to)}` })
    // Once the menu has given the focus back.
    setTimeout(() => {
      element?.focus()
      element?.setSelectionRange(from + put.length, from + put.length)
    })
  }
  const flaw = (field: string) =>
    wrong.has(field) && { validationState: 'error' as const, validationMessage: wrong.get(field) ?? '' }
  return (
    <>
      <Field label={t('customerMail.subject')} required {...flaw('subject')}>
        <Input
          value={text.subject}
          maxLength={SUBJECT_MAX}
          input={{ ref: subject, dir: 'auto' }}
          onFocus={() => {
            last.current = 'subject'
          }}
          onChange={(_, { value }) => onChange({ ...text, subject: value })}
        />
      </Field>
      <Field label={t('customerMail.body')} required hint={t('customerMail.bodyHint')} {...flaw('body')}>
        <Textarea
          value={text.body}
          maxLength={BODY_MAX}
          resize="vertical"
          rows={rows}
          textarea={{ ref: body, dir: 'auto' }}
          onFocus={() => {
            last.current = 'body'
          }}
          onChange={(_, { value }) => onChange({ ...text, body: value })}
        />
      </Field>
      <div className={styles.line}>
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button size="small" icon={<AddRegular />}>
              {t('customerMail.insert')}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList className={`${styles.variables}`}>
              {variables.map(({ name, meaning, example }) => (
                <MenuItem
                  key={name}
                  subText={`${meaning} · ${t('customerMail.templates.example', { example })}`}
                  onClick={() => insert(name)}
                >
                  <code>{`{{${name}}}`}</code>
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
        <Field label={t('customerMail.language')} className={`${styles.language}`} {...flaw('language')}>
          <Input
            size="small"
            className={`${styles.tag}`}
            value={text.language}
            maxLength={35}
            title={t('customerMail.languageHint')}
            spellCheck={false}
            input={{ dir: 'ltr' }}
            onChange={(_, { value }) => onChange({ ...text, language: value })}
          />
        </Field>
      </div>
    </>
  )
}
