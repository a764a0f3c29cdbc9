import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireLeadMailPreview } from '../../api/lead-mails.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'

type ReadinessProps = { readiness: WireLeadMailPreview['readiness']; onFollow: () => void }

/** Why nothing can be sent, or what is in its way, and where that is set right. Nothing where all is well. */
export function LeadMailReadiness({ readiness: { allowed, reason }, onFollow }: ReadinessProps) {
  const { t } = useTranslation()
  const { operatorId, can, isWholeOperator } = useOperator()
  if (reason === null) return null
  return (
    <MessageBar intent={allowed ? 'warning' : 'error'} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t(allowed ? 'customerMail.failing' : 'customerMail.notReady')}</MessageBarTitle> {reason}{' '}
        {isWholeOperator && can('mail.manage') ? (
          <Link to={paths.mail} params={{ operatorId: String(operatorId) }} onClick={onFollow}>
            {t('customerMail.toSettings')}
          </Link>
        ) : (
          t('customerMail.askAdministrator')
        )}
      </MessageBarBody>
    </MessageBar>
  )
}
