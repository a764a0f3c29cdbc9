import { Button, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components'
import { AlertRegular } from '@fluentui/react-icons/svg/alert'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UNREAD_MAX } from '../../api/notices.ts'
import { useOperator } from '../../shell/operator.ts'
import { latestNoticesQuery } from './notice-queries.ts'
import styles from './notices.module.css'

/** Until a page has shown what it is about. */
const REST_MS = 3_000

type Panel = typeof import('./notice-panel.tsx').NoticePanel

/** What has happened lately: how much of it is unread, and, opened, what. Source: issue 6, 5. */
export function Bell() {
  const operator = useOperator()
  return operator.can('leads.read') ? <OpenBell key={`${operator.operatorId}/${operator.channelId}`} /> : null
}

function OpenBell() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const [isOpen, setIsOpen] = useState(false)
  const [isNamed, setIsNamed] = useState(false)
  const { Panel, load } = usePanel()
  const { data } = useQuery(latestNoticesQuery(operatorId))
  const unread = data?.unread ?? 0
  const label =
    unread === 0
      ? t('bell.title')
      : unread >= UNREAD_MAX
        ? t('bell.many', { count: UNREAD_MAX - 1 })
        : t('bell.unread', { count: unread })
  // It is opened with what is in it: a focus trap around nothing would hide it from who cannot see it.
  const open = () =>
    load().then(
      () => setIsOpen(true),
      // A newer Leadline has no such file any more: its page shows the same.
      () => window.location.assign(`/operators/${operatorId}/notices`),
    )
  return (
    <>
      <Announcement unread={data?.unread} />
      <Popover
        open={isOpen}
        onOpenChange={(_, asked) => (asked.open ? void open() : setIsOpen(false))}
        trapFocus
        positioning="below-end"
      >
        <PopoverTrigger disableButtonEnhancement>
          <Tooltip
            content={label}
            relationship="label"
            visible={isNamed && !isOpen}
            onVisibleChange={(_, { visible }) => setIsNamed(visible)}
          >
            <Button
              className={`${styles.button}`}
              appearance="subtle"
              shape="circular"
              icon={
                <span className={styles.bell}>
                  <AlertRegular fontSize={20} />
                  {unread > 0 && (
                    <span className={styles.badge} aria-hidden="true">
                      {unread < UNREAD_MAX ? unread : `${UNREAD_MAX - 1}+`}
                    </span>
                  )}
                </span>
              }
            />
          </Tooltip>
        </PopoverTrigger>
        <PopoverSurface aria-label={t('bell.title')} className={`${styles.surface}`}>
          {Panel && <Panel onClose={() => setIsOpen(false)} />}
        </PopoverSurface>
      </Popover>
    </>
  )
}

/** The panel comes by itself as soon as the page has come to rest; whoever is faster waits for it. */
function usePanel(): { Panel: Panel | null; load: () => Promise<void> } {
  const [Panel, setPanel] = useState<Panel | null>(null)
  const [load] = useState(() => async () => {
    const { NoticePanel } = await import('./notice-panel.tsx')
    setPanel(() => NoticePanel)
  })
  useEffect(() => {
    const timer = setTimeout(() => load().catch(() => undefined), REST_MS)
    return () => clearTimeout(timer)
  }, [load])
  return { Panel, load }
}

/** Says that something is new to who cannot see the badge; nothing for what was there before. */
function Announcement({ unread }: { unread: number | undefined }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const before = useRef(unread)
  useEffect(() => {
    if (unread === undefined) return
    if (before.current !== undefined && unread > before.current) setText(t('bell.arrived', { count: unread }))
    before.current = unread
  }, [unread, t])
  return (
    <span role="status" className="only-read-aloud">
      {text}
    </span>
  )
}
