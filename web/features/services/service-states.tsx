import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { DeleteRegular } from '@fluentui/react-icons/svg/delete'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { HourglassRegular } from '@fluentui/react-icons/svg/hourglass'
import { ProhibitedRegular } from '@fluentui/react-icons/svg/prohibited'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireService } from '../../api/services.ts'
import { StatusPill, type Tone } from '../../ui/status-pill.tsx'

type Look = { tone: Tone; icon: ReactElement }

const stateLooks: Record<WireService['state'] | 'Barred', Look> = {
  Creating: { tone: 'wait', icon: <ArrowSyncRegular /> },
  Active: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  Deleting: { tone: 'warn', icon: <DeleteRegular /> },
  Barred: { tone: 'bad', icon: <ProhibitedRegular /> },
}

const deploymentLooks: Record<WireService['deployment'], Look> = {
  None: { tone: 'quiet', icon: <SubtractCircleRegular /> },
  Pending: { tone: 'wait', icon: <ArrowSyncRegular /> },
  Waiting: { tone: 'wait', icon: <HourglassRegular /> },
  Deployed: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  Failed: { tone: 'bad', icon: <ErrorCircleRegular /> },
  Removing: { tone: 'warn', icon: <DeleteRegular /> },
}

export const healthLooks: Record<WireService['health'], Look> = {
  ok: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  warning: { tone: 'warn', icon: <WarningRegular /> },
  error: { tone: 'bad', icon: <ErrorCircleRegular /> },
  unknown: { tone: 'quiet', icon: <QuestionCircleRegular /> },
}

/** Barred is what one sees of an active service that may not call. */
export function ServiceState({ service: { state, barred } }: { service: Pick<WireService, 'state' | 'barred'> }) {
  const { t } = useTranslation()
  const shown = barred && state === 'Active' ? 'Barred' : state
  return <StatusPill {...stateLooks[shown]}>{t(`services.state.${shown}`)}</StatusPill>
}

export function Deployment({ state }: { state: WireService['deployment'] }) {
  const { t } = useTranslation()
  return <StatusPill {...deploymentLooks[state]}>{t(`services.deployment.${state}`)}</StatusPill>
}

export function Health({ state }: { state: WireService['health'] }) {
  const { t } = useTranslation()
  return <StatusPill {...healthLooks[state]}>{t(`services.health.${state}`)}</StatusPill>
}
