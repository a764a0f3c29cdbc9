import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { hasSessionEnded } from '../api/link.ts'
import { meQuery } from '../api/queries.ts'
import type { WireMe } from '../api/sessions.ts'
import { useWatched } from '../ui/watched.ts'
import { cancelAllDownloads } from './downloads.ts'
import { SignInForm } from './sign-in-form.tsx'

/** Over the page when the session has ended: sign in here, and what was typed below is still there. */
export function SessionEndedDialog() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const ended = useWatched(hasSessionEnded)
  const before = client.getQueryData<WireMe>(meQuery.queryKey)
  if (!before) return null
  const onSignedIn = async (me: WireMe) => {
    // Somebody else: nothing of the page before is for those eyes.
    if (me.personId !== before.personId) {
      cancelAllDownloads()
      return window.location.assign('/')
    }
    client.setQueryData(meQuery.queryKey, me)
    await client.invalidateQueries()
  }
  return (
    <Dialog open={ended} modalType="alert">
      <DialogSurface style={{ maxWidth: 420 }}>
        <DialogBody>
          <DialogTitle>{t('sessionEnded.title')}</DialogTitle>
          <DialogContent>
            <p style={{ marginTop: 0 }}>{t('sessionEnded.text')}</p>
            <SignInForm email={before.email} onSignedIn={onSignedIn} />
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
