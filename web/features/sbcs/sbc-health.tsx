import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useTranslation } from 'react-i18next'
import type { WireSbc } from '../../api/sbcs.ts'
import { StatusPill } from '../../ui/status-pill.tsx'

/** Whether it answers, and whether it is as it was left. */
export function SbcHealth({ sbc: { health, drifts } }: { sbc: WireSbc }) {
  const { t } = useTranslation()
  if (health.state === 'trouble') {
    return (
      <StatusPill tone="bad" icon={<ErrorCircleRegular />}>
        {t('sbcs.health.trouble')}
      </StatusPill>
    )
  }
  if (drifts.length > 0) {
    return (
      <StatusPill tone="warn" icon={<WarningRegular />}>
        {t('sbcs.health.drift')}
      </StatusPill>
    )
  }
  return health.state === 'up' ? (
    <StatusPill tone="good" icon={<CheckmarkCircleRegular />}>
      {t('sbcs.health.up')}
    </StatusPill>
  ) : (
    <StatusPill tone="quiet" icon={<QuestionCircleRegular />}>
      {t('sbcs.health.unknown')}
    </StatusPill>
  )
}
