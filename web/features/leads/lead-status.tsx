import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { CircleRegular } from '@fluentui/react-icons/svg/circle'
import { ClockRegular } from '@fluentui/react-icons/svg/clock'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { PauseCircleRegular } from '@fluentui/react-icons/svg/pause-circle'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { RibbonStarRegular } from '@fluentui/react-icons/svg/ribbon-star'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import type { TFunction } from 'i18next'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { StatusPill, type Tone } from '../../ui/status-pill.tsx'

const looks: Record<string, { tone: Tone; icon: ReactElement }> = {
  Active: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  NotActive: { tone: 'wait', icon: <ClockRegular /> },
  Suspended: { tone: 'warn', icon: <PauseCircleRegular /> },
  Removed: { tone: 'quiet', icon: <SubtractCircleRegular /> },
  Updating: { tone: 'wait', icon: <ArrowSyncRegular /> },
  Success: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  Failed: { tone: 'bad', icon: <ErrorCircleRegular /> },
}
const unknownLook = { tone: 'quiet', icon: <QuestionCircleRegular /> } as const

/** Microsoft's word for a lead; one we do not know is shown as it came. */
export function MicrosoftStatus({ status }: { status: string }) {
  const { t } = useTranslation()
  return microsoftStatus(status, t)
}

/** The same for lists, which have the words at hand. */
export function microsoftStatus(status: string, t: TFunction): ReactElement {
  const words = t(`lead.status.${status as 'Active'}`, { defaultValue: status })
  return <StatusPill {...(looks[status] ?? unknownLook)}>{words}</StatusPill>
}

export function Processing({ processing }: { processing: NonNullable<DeskLead['processing']> }) {
  const { t } = useTranslation()
  return <StatusPill {...(looks[processing] ?? unknownLook)}>{t(`lead.processing.${processing}`)}</StatusPill>
}

export function License({ license }: { license: DeskLead['license'] }) {
  const { t } = useTranslation()
  if (license === null)
    return (
      <StatusPill tone="quiet" icon={<CircleRegular />}>
        {t('lead.license.noneLong')}
      </StatusPill>
    )
  return (
    <StatusPill tone="brand" icon={<RibbonStarRegular />}>
      {license}
    </StatusPill>
  )
}
