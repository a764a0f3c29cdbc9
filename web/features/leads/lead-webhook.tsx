import { Button } from '@fluentui/react-components'
import { FlowRegular } from '@fluentui/react-icons/svg/flow'
import { memo, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useOperator } from '../../shell/operator.ts'
import { LateWebhookDialog } from './late-parts.ts'
import styles from './leads.module.css'

/** "Webhook" of seed 000, toolbar: where every new lead is sent to. For those who may set it. */
export const LeadWebhook = memo(function LeadWebhook() {
  const { t } = useTranslation()
  const { can } = useOperator()
  const [isOpen, setIsOpen] = useState(false)
  if (!can('webhooks.manage') || !can('leads.read')) return null
  return (
    <>
      <Button
        size="small"
        className={`${styles.export}`}
        icon={<FlowRegular fontSize={16} />}
        onClick={() => setIsOpen(true)}
      >
        <span className={styles.wideOnly}>{t('leads.webhook')}</span>
      </Button>
      <Suspense>{isOpen && <LateWebhookDialog onClose={() => setIsOpen(false)} />}</Suspense>
    </>
  )
})
