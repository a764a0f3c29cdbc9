import { Tab, TabList } from '@fluentui/react-components'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../paths.ts'
import { useOperator } from './operator.ts'

/** The two kinds of work: what Leadline does by itself, and what somebody has started. */
export function WorkTabs({ current }: { current: 'jobs' | 'tasks' }) {
  const { t } = useTranslation()
  const { operatorId, can, isWholeOperator } = useOperator()
  const navigate = useNavigate()
  // A channel's people have no jobs, and who sees only one of the two needs no choice.
  if (!isWholeOperator || !can('jobs.read') || !can('tasks.read')) return null
  const params = { operatorId: String(operatorId) }
  return (
    <TabList
      selectedValue={current}
      onTabSelect={(_event, { value }) => void navigate({ to: value === 'jobs' ? paths.jobs : paths.tasks, params })}
    >
      <Tab value="jobs">{t('navigation.jobs')}</Tab>
      <Tab value="tasks">{t('tasks.title')}</Tab>
    </TabList>
  )
}
