import { Tooltip } from '@fluentui/react-components'
import { AppsRegular } from '@fluentui/react-icons/svg/apps'
import { BuildingRegular } from '@fluentui/react-icons/svg/building'
import { FlowRegular } from '@fluentui/react-icons/svg/flow'
import { HeadsetRegular } from '@fluentui/react-icons/svg/headset'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { HomeRegular } from '@fluentui/react-icons/svg/home'
import { KeyRegular } from '@fluentui/react-icons/svg/key'
import { MailRegular } from '@fluentui/react-icons/svg/mail'
import { PeopleRegular } from '@fluentui/react-icons/svg/people'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add'
import { PlugConnectedRegular } from '@fluentui/react-icons/svg/plug-connected'
import { RouterRegular } from '@fluentui/react-icons/svg/router'
import { SettingsRegular } from '@fluentui/react-icons/svg/settings'
import { ShieldTaskRegular } from '@fluentui/react-icons/svg/shield-task'
import { TaskListSquareLtrRegular } from '@fluentui/react-icons/svg/task-list-square-ltr'
import { Link } from '@tanstack/react-router'
import { type ReactElement, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { paths } from '../paths.ts'
import styles from './frame.module.css'
import { type Operator, useOperator } from './operator.ts'

type Page = {
  to:
    | typeof paths.operatorHome
    | typeof paths.leads
    | typeof paths.tenants
    | typeof paths.services
    | typeof paths.callingProfiles
    | typeof paths.sbcs
    | typeof paths.jobs
    | typeof paths.activity
    | typeof paths.channels
    | typeof paths.microsoft
    | typeof paths.leadSettings
    | typeof paths.mail
    | typeof paths.users
    | typeof paths.clients
    | typeof paths.webhooks
    | typeof paths.permissions
  word:
    | 'home'
    | 'leads'
    | 'tenants'
    | 'services'
    | 'callingProfiles'
    | 'sbcs'
    | 'jobs'
    | 'channels'
    | 'activity'
    | 'microsoft'
    | 'leadSettings'
    | 'mail'
    | 'users'
    | 'clients'
    | 'webhooks'
    | 'permissions'
  icon: ReactElement
  isOpenTo: (operator: Operator) => boolean
}

const everyone = () => true

/** In the order of the work; a page appears with the issue that makes it work. Source: design/ui.md, Frame. */
export const pages: Page[] = [
  { to: paths.operatorHome, word: 'home', icon: <HomeRegular />, isOpenTo: ({ can }) => can('leads.read') },
  { to: paths.leads, word: 'leads', icon: <PersonAddRegular />, isOpenTo: ({ can }) => can('leads.read') },
  { to: paths.tenants, word: 'tenants', icon: <BuildingRegular />, isOpenTo: ({ can }) => can('leads.read') },
  { to: paths.services, word: 'services', icon: <AppsRegular />, isOpenTo: ({ can }) => can('services.read') },
  { to: paths.channels, word: 'channels', icon: <PeopleTeamRegular />, isOpenTo: ({ can }) => can('channels.read') },
  {
    to: paths.callingProfiles,
    word: 'callingProfiles',
    icon: <HeadsetRegular />,
    isOpenTo: ({ can, isWholeOperator }) => isWholeOperator && can('sbcs.read'),
  },
  {
    to: paths.jobs,
    word: 'jobs',
    icon: <TaskListSquareLtrRegular />,
    isOpenTo: ({ can, isWholeOperator }) => isWholeOperator && can('jobs.read'),
  },
  { to: paths.activity, word: 'activity', icon: <HistoryRegular />, isOpenTo: ({ can }) => can('journal.read') },
]

export const settings: Page[] = [
  {
    to: paths.microsoft,
    word: 'microsoft',
    icon: <PlugConnectedRegular />,
    isOpenTo: ({ can, isWholeOperator }) => isWholeOperator && can('connections.manage'),
  },
  {
    to: paths.sbcs,
    word: 'sbcs',
    icon: <RouterRegular />,
    isOpenTo: ({ can, isWholeOperator }) => isWholeOperator && can('sbcs.read'),
  },
  {
    to: paths.leadSettings,
    word: 'leadSettings',
    icon: <SettingsRegular />,
    isOpenTo: ({ can, isWholeOperator }) => isWholeOperator && (can('connections.manage') || can('channels.manage')),
  },
  {
    to: paths.mail,
    word: 'mail',
    icon: <MailRegular />,
    isOpenTo: ({ can, isWholeOperator }) => isWholeOperator && can('mail.manage'),
  },
  { to: paths.webhooks, word: 'webhooks', icon: <FlowRegular />, isOpenTo: ({ can }) => can('webhooks.read') },
  { to: paths.users, word: 'users', icon: <PeopleRegular />, isOpenTo: ({ can }) => can('users.manage') },
  { to: paths.clients, word: 'clients', icon: <KeyRegular />, isOpenTo: ({ can }) => can('clients.manage') },
  { to: paths.permissions, word: 'permissions', icon: <ShieldTaskRegular />, isOpenTo: everyone },
]

export function Navigation() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('frame.navigation')} className={styles.navigation}>
      <PageList pages={pages} />
      <p className={styles.group} id="navigation-settings">
        {t('navigation.settings')}
      </p>
      <PageList pages={settings} labelledBy="navigation-settings" />
    </nav>
  )
}

/** Where the words have no room: frame.module.css. */
const wordless = matchMedia('(max-width: 1359px)')

function watchWordless(watcher: () => void): () => void {
  wordless.addEventListener('change', watcher)
  return () => wordless.removeEventListener('change', watcher)
}

function PageList({ pages, labelledBy }: { pages: Page[]; labelledBy?: string }) {
  const { t } = useTranslation()
  const operator = useOperator()
  const params = { operatorId: String(operator.operatorId) }
  const isWordless = useSyncExternalStore(watchWordless, () => wordless.matches)
  return (
    <ul {...(labelledBy && { 'aria-labelledby': labelledBy })}>
      {pages
        .filter((page) => page.isOpenTo(operator))
        .map(({ to, word, icon }) => (
          <li key={word}>
            <Tooltip
              content={t(`navigation.${word}`)}
              relationship="inaccessible"
              positioning="after"
              showDelay={300}
              {...(!isWordless && { visible: false })}
            >
              <Link to={to} params={params} className={`${styles.link}`}>
                {icon}
                <span className={styles.text}>{t(`navigation.${word}`)}</span>
              </Link>
            </Tooltip>
          </li>
        ))}
    </ul>
  )
}
