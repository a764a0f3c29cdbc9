import { Toast, ToastBody, Toaster, ToastTitle, useToastController } from '@fluentui/react-components'
import { useCallback } from 'react'

const TOASTER = 'leadline'

/** Where short messages appear; once in the page. */
export function Toasts() {
  return <Toaster toasterId={TOASTER} position="bottom-end" pauseOnHover />
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
