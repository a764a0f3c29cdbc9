import { Button } from '@fluentui/react-components'
import { EyeRegular } from '@fluentui/react-icons/svg/eye'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { viewAs, viewedChannel } from '../api/viewed-channel.ts'
import { paths } from '../paths.ts'
import { useWatched } from '../ui/watched.ts'
import styles from './frame.module.css'
import { useForgetEverything, useMe, useOperator } from './operator.ts'

/** As long as one looks through a channel's eyes: which one, and the way back. */
export function ViewedChannelBanner() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const me = useMe()
  const viewed = useWatched(viewedChannel)
  const navigate = useNavigate()
  const forget = useForgetEverything()
  const queries = useQueryClient()
  if (viewed?.operatorId !== operatorId) return null
  const stop = async () => {
    viewAs(null)
    forget()
    queries.setQueryData(['me'], me)
    await navigate({ to: paths.channels, params: { operatorId: String(operatorId) } })
  }
  return (
    <div role="status" className={`${styles.banner} ${styles.viewed}`}>
      <EyeRegular aria-hidden="true" fontSize={16} />
      <span dir="auto">{t('banner.viewing', { name: viewed.name })}</span>
      <Button size="small" appearance="outline" onClick={() => void stop()}>
        {t('banner.stopViewing')}
      </Button>
    </div>
  )
}
