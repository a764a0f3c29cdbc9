import { CloudRegular } from '@fluentui/react-icons/svg/cloud'
import { PersonRegular } from '@fluentui/react-icons/svg/person'
import { SettingsRegular } from '@fluentui/react-icons/svg/settings'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import { dayAndTimeText, instantOf } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import desk from './lead-desk.module.css'
import type { HistoryMoment, HistorySource } from './lead-history-words.ts'
import styles from './leads.module.css'

const icons: Record<HistorySource, ReactElement> = {
  people: <PersonRegular />,
  microsoft: <CloudRegular />,
  leadline: <SettingsRegular />,
}

/** One step of the time line: what happened in words, what was written, when. */
export function HistoryMomentView({ moment }: { moment: HistoryMoment }) {
  const { t } = useTranslation()
  const { at, source, sentences, quote, quoteBefore, result, detail } = moment
  const instant = instantOf(at)
  return (
    <li className={desk.moment}>
      <span className={desk.momentIcon} data-source={source} title={t(`leadDesk.history.source.${source}`)}>
        <span className="only-read-aloud">{t(`leadDesk.history.source.${source}`)}: </span>
        <span aria-hidden="true">{icons[source]}</span>
      </span>
      <div className={desk.momentBody}>
        {sentences.map((sentence) => (
          <p key={sentence} dir="auto">
            {sentence}
          </p>
        ))}
        {quoteBefore !== null && (
          <blockquote dir="auto">
            <del>{quoteBefore}</del>
          </blockquote>
        )}
        {quote !== null && <blockquote dir="auto">{quote}</blockquote>}
        {result !== 'ok' && <p className={desk.momentBad}>{t(`journal.result.${result}`)}</p>}
        {detail && <p className={styles.quiet}>{detail}</p>}
        <p className={styles.quiet}>
          {instant ? dayAndTimeText(instant) : at} · <RelativeTime instant={at} />
        </p>
      </div>
    </li>
  )
}
