import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signOut } from '../api/sessions.ts'
import { paths } from '../paths.ts'
import { useToast } from '../ui/toasts.tsx'
import { useForgetEverything } from './operator.ts'

/** Ends the session and forgets what was shown; says so when it could not. */
export function useSignOut(): () => Promise<void> {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const toast = useToast()
  const forgetEverything = useForgetEverything()
  return async () => {
    try {
      await signOut()
    } catch {
      return toast('error', t('person.signOutFailed'), t('failure.noAnswerDetail'))
    }
    await navigate({ to: paths.signIn })
    forgetEverything()
  }
}
