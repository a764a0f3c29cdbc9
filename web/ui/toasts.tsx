import { Toast, ToastBody, Toaster, ToastTitle, useToastController } from '@fluentui/react-components'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'

const TOASTER = 'leadline'

/** Where short messages appear; once in the page. A landmark of its own: who jumps from one to the next finds them. */
export function Toasts() {
  const { t } = useTranslation()
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <section aria-label={t('toasts')} ref={setPlace}>
      {place && <Toaster toasterId={TOASTER} position="bottom-end" pauseOnHover mountNode={place} />}
    </section>
  )
}

/** Says briefly what came of something one started. */
export function useToast(): (intent: 'success' | 'error' | 'info', title: string, detail?: string) => void {
  const { dispatchToast } = useToastController(TOASTER)
  return useCallback(
    (intent, title, detail) =>
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {detail && <ToastBody>{detail}</ToastBody>}
        </Toast>,
        { intent, timeout: intent === 'error' ? 12_000 : 5_000 },
      ),
    [dispatchToast],
  )
}
