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

/** Everything that will happen, step by step, or everything that is in the way. */
export function LeadLicenseSummary({ preview, isAsking, onAskAgain }: SummaryProps) {
  const { t } = useTranslation()
  const { problems, warnings, summary, script, preflight } = preview
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
        <MessageBar intent={preflight.reachable ? 'success' : 'warning'} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>
              {t(preflight.reachable ? 'license.sbcThere' : 'license.sbcNotThere', {
                version: preflight.version ?? '',
              })}
            </MessageBarTitle>{' '}
            {preflight.detail}
          </MessageBarBody>
        </MessageBar>
      )}
      {onAskAgain && (
        <div>
          <Button size="small" disabledFocusable={isAsking} onClick={onAskAgain}>
            {t(isAsking ? 'license.asking' : 'license.askSbc')}
          </Button>
        </div>
      )}
      {script && (
        <details>
          <summary>{t('license.scriptShown')}</summary>
          <pre className={styles.script}>{script}</pre>
        </details>
      )}
    </>
  )
}
