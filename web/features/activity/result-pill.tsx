import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { ErrorCircleRegular } from '@fluentui/react-icons/svg/error-circle'
import { ProhibitedRegular } from '@fluentui/react-icons/svg/prohibited'
import { useTranslation } from 'react-i18next'
import type { WireJournalEntry } from '../../api/journal.ts'
import { StatusPill } from '../../ui/status-pill.tsx'

const looks = {
  ok: { tone: 'good', icon: <CheckmarkCircleRegular /> },
  refused: { tone: 'warn', icon: <ProhibitedRegular /> },
  failed: { tone: 'bad', icon: <ErrorCircleRegular /> },
} as const

export function ResultPill({ result }: { result: WireJournalEntry['result'] }) {
  const { t } = useTranslation()
  return <StatusPill {...looks[result]}>{t(`journal.result.${result}`)}</StatusPill>
}
