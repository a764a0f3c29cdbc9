import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark'
import { CopyRegular } from '@fluentui/react-icons/svg/copy'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './copy-button.module.css'

/**
 * Copies a text and says so for two seconds. `what` names it for those who do not see the button: "Tenant ID".
 * A plain button with a plain title: lists draw forty of them at a time.
 */
export function CopyButton({ text, what, tabIndex }: { text: string; what: string; tabIndex?: number }) {
  const { t } = useTranslation()
  const [told, setTold] = useState<{ text: string; state: 'copied' | 'failed' } | null>(null)
  useEffect(() => {
    if (told === null) return
    const timer = setTimeout(() => setTold(null), 2_000)
    return () => clearTimeout(timer)
  }, [told])
  // Said of this text: the button may have come to another one meanwhile.
  const state = told?.text === text ? told.state : 'ready'
  const label = t(`copy.${state}`, { what })
  return (
    <>
      <button
        type="button"
        className={styles.button}
        aria-label={label}
        title={label}
        tabIndex={tabIndex}
        onClick={async (event) => {
          event.stopPropagation()
          setTold({ text, state: await copy(text) })
        }}
      >
        {state === 'copied' ? <CheckmarkRegular /> : <CopyRegular />}
      </button>
      {state !== 'ready' && (
        <span role="status" className={state === 'copied' ? 'only-read-aloud' : styles.failed}>
          {label}
        </span>
      )}
    </>
  )
}

/** Outside HTTPS and loopback there is no clipboard: then we say so. */
async function copy(text: string): Promise<'copied' | 'failed'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    return 'failed'
  }
}
