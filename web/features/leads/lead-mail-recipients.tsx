import { Button, Checkbox, Field, Input, Tooltip } from '@fluentui/react-components'
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailRecipient, WireLeadMailPreview } from '../../api/lead-mails.ts'
import styles from './lead-mail.module.css'

/** Contacts that were unticked, and addresses that were typed. */
export type RecipientChoice = { left: ReadonlySet<string>; typed: readonly MailRecipient[] }

type Contacts = WireLeadMailPreview['contacts']

/** Who gets the mail; null while the contacts are not known yet. */
export function chosenRecipients(
  contacts: Contacts | undefined,
  { left, typed }: RecipientChoice,
): MailRecipient[] | null {
  if (!contacts) return null
  const own = contacts.flatMap(({ name, address, problem }) =>
    address === null || problem !== null || left.has(address) ? [] : [{ ...(name !== null && { name }), address }],
  )
  return [...own, ...typed]
}

type RecipientsProps = {
  contacts: Contacts
  choice: RecipientChoice
  /** What the server says of the addresses that were typed, by their place among them. */
  wrong: (typedIndex: number) => string | undefined
  onChange: (choice: RecipientChoice) => void
}

/** The contacts of the lead, ticked where they have a good address, and others that somebody types. */
export function LeadMailRecipients({ contacts, choice, wrong, onChange }: RecipientsProps) {
  const { t } = useTranslation()
  const { left, typed } = choice
  const toggle = (address: string, isOn: boolean) => {
    const next = new Set(left)
    if (isOn) next.delete(address)
    else next.add(address)
    onChange({ ...choice, left: next })
  }
  return (
    <fieldset className={styles.recipients}>
      <legend>{t('customerMail.recipients')}</legend>
      <span className={styles.quiet}>{t('customerMail.recipientsText')}</span>
      {contacts.length === 0 && <span className={styles.quiet}>{t('customerMail.noContacts')}</span>}
      {contacts.map(({ name, address, problem }) => (
        <div key={`${name} ${address}`}>
          <Checkbox
            disabled={problem !== null}
            checked={problem === null && address !== null && !left.has(address)}
            label={[name, address].filter(Boolean).join(' · ')}
            onChange={(_, { checked }) => address !== null && toggle(address, checked === true)}
          />
          {problem !== null && <div className={styles.problem}>{problem}</div>}
        </div>
      ))}
      {typed.map(({ address }, index) => (
        <div key={address}>
          <div className={styles.recipient}>
            <span>{address}</span>
            <Tooltip content={t('customerMail.remove', { address })} relationship="label">
              <Button
                size="small"
                appearance="subtle"
                icon={<DismissRegular />}
                onClick={() => onChange({ ...choice, typed: typed.filter((_, at) => at !== index) })}
              />
            </Tooltip>
          </div>
          {wrong(index) && <div className={styles.typedProblem}>{wrong(index)}</div>}
        </div>
      ))}
      <Adding onAdd={(address) => onChange({ ...choice, typed: [...typed, { address }] })} known={typed} />
    </fieldset>
  )
}

function Adding({ known, onAdd }: { known: readonly MailRecipient[]; onAdd: (address: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const add = () => {
    const address = text.trim()
    if (address !== '' && !known.some((one) => one.address === address)) onAdd(address)
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    // Of the field, not of the whole mail.
    event.preventDefault()
    add()
  }
  return (
    <div className={styles.adding}>
      <Field label={t('customerMail.more')}>
        <Input
          type="email"
          value={text}
          maxLength={254}
          autoComplete="off"
          input={{ dir: 'ltr' }}
          onKeyDown={onKeyDown}
          onChange={(_, { value }) => setText(value)}
        />
      </Field>
      <Button onClick={add} disabledFocusable={text.trim() === ''}>
        {t('customerMail.add')}
      </Button>
    </div>
  )
}
