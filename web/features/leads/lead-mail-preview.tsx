import { Field, Select, Tab, TabList } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireLeadMailPreview } from '../../api/lead-mails.ts'
import styles from './lead-mail.module.css'

/** One of the mails, exactly as its recipient gets it: headers, formatted in a frame without any rights, or as plain text. */
export function LeadMailPreview({ preview, isCurrent }: { preview: WireLeadMailPreview; isCurrent: boolean }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(0)
  const [kind, setKind] = useState<'html' | 'text'>('html')
  const { mails, from, replyTo } = preview
  const mail = mails[shown] ?? mails[0]
  if (!mail) return <p className={styles.quiet}>{t('customerMail.nobody')}</p>
  return (
    <div className={styles.preview} data-current={isCurrent}>
      {mails.length > 1 && (
        <Field label={t('customerMail.previewOf')} orientation="horizontal">
          <Select size="small" value={String(mails.indexOf(mail))} onChange={(_, { value }) => setShown(Number(value))}>
            {mails.map(({ recipient }, index) => (
              <option key={recipient.address} value={index}>
                {addressText(recipient)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <dl className={styles.headers}>
        <dt>{t('customerMail.from')}</dt>
        <dd>{from ? addressText(from) : ''}</dd>
        {mails.length === 1 && (
          <>
            <dt>{t('customerMail.previewOf')}</dt>
            <dd>{addressText(mail.recipient)}</dd>
          </>
        )}
        {replyTo && (
          <>
            <dt>{t('customerMail.replyTo')}</dt>
            <dd>{replyTo}</dd>
          </>
        )}
        <dt>{t('customerMail.subject')}</dt>
        <dd dir="auto" className={styles.subject}>
          {mail.subject}
        </dd>
      </dl>
      <TabList
        size="small"
        selectedValue={kind}
        aria-label={t('customerMail.as')}
        onTabSelect={(_, { value }) => setKind(value as 'html' | 'text')}
      >
        <Tab value="html">{t('customerMail.html')}</Tab>
        <Tab value="text">{t('customerMail.text')}</Tab>
      </TabList>
      {kind === 'html' ? (
        <iframe className={styles.frame} title={t('customerMail.frame')} sandbox="" srcDoc={mail.html} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <pre className={styles.plain} dir="auto" tabIndex={0}>
          {mail.text}
        </pre>
      )}
    </div>
  )
}

function addressText({ name, address }: { name: string; address: string }): string {
  return name === '' ? address : `${name} <${address}>`
}
