import {
  Link,
  Toast,
  ToastBody,
  Toaster,
  ToastFooter,
  ToastTitle,
  useToastController,
} from '@fluentui/react-components'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'

const TOASTER = 'leadline'
const SHOWN_MS = { success: 5_000, info: 5_000, error: 12_000 }
/** Who wants to go where a message leads has to get there first. */
const SHOWN_WITH_LINK_MS = 10_000

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

export type ToastIntent = keyof typeof SHOWN_MS
/** Where a message leads. It is drawn outside of the router, so it is told how to get there. */
export type ToastLink = { words: string; href: string; open: () => void }
/** `about`: a message takes the place of the one before about the same thing. */
type ToastMore = { about?: string; link?: ToastLink }

let count = 0
const lastAbout = new Map<string, string>()

/** Says briefly what came of something one started. */
export function useToast(): (intent: ToastIntent, title: string, detail?: string, more?: ToastMore) => void {
  const { dispatchToast, dismissToast } = useToastController(TOASTER)
  return useCallback(
    (intent, title, detail, { about, link } = {}) => {
      const before = about && lastAbout.get(about)
      if (before) dismissToast(before)
      const toastId = `leadline-${++count}`
      if (about) lastAbout.set(about, toastId)
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {detail && <ToastBody>{detail}</ToastBody>}
          {link && (
            <ToastFooter>
              <Link
                href={link.href}
                onClick={(event) => {
                  if (event.ctrlKey || event.metaKey || event.shiftKey) return
                  event.preventDefault()
                  link.open()
                }}
              >
                {link.words}
              </Link>
            </ToastFooter>
          )}
        </Toast>,
        {
          intent,
          timeout: Math.max(SHOWN_MS[intent], link ? SHOWN_WITH_LINK_MS : 0),
          toastId,
        },
      )
    },
    [dispatchToast, dismissToast],
  )
}
