import { Button, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { WireLicensePreview } from '../../api/licenses.ts'
import desk from './lead-desk.module.css'
import styles from './leads.module.css'

type SummaryProps = {
  preview: WireLicensePreview
  isAsking: boolean
  /** Where an SBC is part of it. */
  onAskAgain: (() => void) | undefined
}

const preflightLooks = {
  there: { intent: 'success', title: 'license.sbcThere' },
  notThere: { intent: 'warning', title: 'license.sbcNotThere' },
  byHand: { intent: 'info', title: 'license.sbcByHand' },
} as const

/** Everything that will happen, step by step, or everything that is in the way. */
export function LeadLicenseSummary({ preview, isAsking, onAskAgain }: SummaryProps) {
  const { t } = useTranslation()
  const { problems, warnings, summary, script, preflight } = preview
  const looks = preflightLooks[preflight?.reachable ? 'there' : preflight?.asked === false ? 'byHand' : 'notThere']
  return (
    <>
      {problems.length > 0 && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t('license.inTheWay')}</MessageBarTitle>
            <ul className={desk.losses}>
              {problems.map(({ code, detail }) => (
                <li key={`${code} ${detail}`}>{detail}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      {warnings.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <ul className={desk.losses}>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
      {summary.length > 0 && (
        <>
          <p className={desk.lossLead}>{t('license.whatHappens')}</p>
          <ol className={desk.losses}>
            {summary.map(({ step, text }) => (
              <li key={step}>{text}</li>
            ))}
          </ol>
        </>
      )}
      {preflight && (
        <MessageBar intent={looks.intent} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t(looks.title, { version: preflight.version ?? '' })}</MessageBarTitle> {preflight.detail}
          </MessageBarBody>
        </MessageBar>
      )}
      {onAskAgain && preflight?.asked !== false && (
        <div>
          <Button size="small" disabledFocusable={isAsking} onClick={onAskAgain}>
            {t(isAsking ? 'license.asking' : 'license.askSbc')}
          </Button>
        </div>
      )}
      {script && (
        <details>
          <summary>{t(preflight?.asked === false ? 'license.scriptByHand' : 'license.scriptShown')}</summary>
          <pre className={styles.script}>{script}</pre>
        </details>
      )}
    </>
  )
}
