import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync'
import { BookRegular } from '@fluentui/react-icons/svg/book'
import { DarkThemeRegular } from '@fluentui/react-icons/svg/dark-theme'
import { FlowRegular } from '@fluentui/react-icons/svg/flow'
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { PersonSettingsRegular } from '@fluentui/react-icons/svg/person-settings'
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SYNC_LEADS_JOB, startJobRun } from '../../api/jobs.ts'
import { paths } from '../../paths.ts'
import { newLeadAsked } from '../../shell/asked.ts'
import { pages, settings } from '../../shell/navigation.tsx'
import { useMe, useOperator } from '../../shell/operator.ts'
import { useFailureWords } from '../../shell/problem-notice.tsx'
import { useSignOut } from '../../shell/sign-out.ts'
import { themeChoices, useThemeChoice } from '../../shell/theme.ts'
import { useToast } from '../../ui/toasts.tsx'
import type { PaletteItem } from './palette-item.ts'

/** Every page that is open to the person, as the navigation has them. */
export function usePages(): PaletteItem[] {
  const { t } = useTranslation()
  const operator = useOperator()
  const navigate = useNavigate()
  const params = { operatorId: String(operator.operatorId) }
  const of = (list: typeof pages, detail?: string) =>
    list
      .filter((page) => page.isOpenTo(operator))
      .map(
        ({ to, word, icon }): PaletteItem => ({
          ...{ kind: 'pages', id: word, label: t(`navigation.${word}`), icon },
          ...(detail !== undefined && { detail }),
          run: () => void navigate({ to, params }),
        }),
      )
  return [
    ...of(pages),
    ...of(settings, t('navigation.settings')),
    {
      ...{ kind: 'pages', id: 'account', label: t('palette.account'), icon: <PersonSettingsRegular /> },
      run: () => void navigate({ to: paths.account }),
    },
  ]
}

/** What can be done from anywhere, as far as the person may. */
export function useActions(): PaletteItem[] {
  const { t } = useTranslation()
  const { operatorId, can, isWholeOperator } = useOperator()
  const me = useMe()
  const navigate = useNavigate()
  const leave = useSignOut()
  const [theme, setTheme] = useThemeChoice()
  const sync = useSync()
  const params = { operatorId: String(operatorId) }
  const action = (id: string, label: string, icon: PaletteItem['icon'], run: () => void): PaletteItem => ({
    ...{ kind: 'actions', id, label, icon, run },
  })
  return [
    ...(can('leads.write')
      ? [
          action('new-lead', t('palette.newLead'), <PersonAddRegular />, () => {
            newLeadAsked.set(true)
            void navigate({ to: paths.leads, params })
          }),
        ]
      : []),
    ...(isWholeOperator && can('jobs.run')
      ? [action('sync', t('palette.syncNow'), <ArrowSyncRegular />, () => void sync())]
      : []),
    ...(isWholeOperator && can('channels.manage')
      ? [
          action('create-channel', t('palette.createChannel'), <PeopleTeamRegular />, () => {
            void navigate({ to: paths.channels, params, search: { channel: 'new' } })
          }),
        ]
      : []),
    ...(can('webhooks.manage')
      ? [
          action('create-webhook', t('palette.createWebhook'), <FlowRegular />, () => {
            void navigate({ to: paths.webhook, params: { ...params, webhookId: 'new' } })
          }),
        ]
      : []),
    ...me.operators
      .filter((one) => one.operatorId !== operatorId)
      .map(({ operatorId: other, name }) =>
        action(`operator-${other}`, t('palette.workFor', { name }), <OrganizationRegular />, () => {
          void navigate({ to: paths.leads, params: { operatorId: String(other) } })
        }),
      ),
    ...themeChoices
      .filter((choice) => choice !== theme)
      .map((choice) =>
        action(`theme-${choice}`, t('palette.theme', { name: t(`theme.${choice}`) }), <DarkThemeRegular />, () =>
          setTheme(choice),
        ),
      ),
    action('api-docs', t('palette.apiDocs'), <BookRegular />, () => void window.open('/docs', '_blank', 'noreferrer')),
    { ...action('sign-out', t('palette.signOut'), <SignOutRegular />, () => void leave()), isPassing: true },
  ]
}

function useSync(): () => Promise<void> {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const queries = useQueryClient()
  const toast = useToast()
  const words = useFailureWords()
  return async () => {
    try {
      await startJobRun(operatorId, SYNC_LEADS_JOB)
      toast('info', t('palette.syncStarted'))
      await queries.invalidateQueries({ queryKey: ['jobs', operatorId] })
    } catch (error) {
      const { title, detail } = words(error)
      toast('error', title, detail)
    }
  }
}
