import { Button, Tooltip } from '@fluentui/react-components'
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark'
import { CopyRegular } from '@fluentui/react-icons/svg/copy'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Copies a text and says so for two seconds. `what` names it for those who do not see the button: "tenant ID". */
export function CopyButton({ text, what, tabIndex }: { text: string; what: string; tabIndex?: number }) {
  const { t } = useTranslation()
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready')
  useEffect(() => {
    if (state === 'ready') return
    const timer = setTimeout(() => setState('ready'), 2_000)
    return () => clearTimeout(timer)
  }, [state])
  const label = t(`copy.${state}`, { what })
  return (
    <Tooltip content={label} relationship="label" {...(state !== 'ready' && { visible: true })}>
      <Button
        appearance="subtle"
        size="small"
        icon={state === 'copied' ? <CheckmarkRegular /> : <CopyRegular />}
        tabIndex={tabIndex}
        onClick={async (event) => {
          event.stopPropagation()
          setState(await copy(text))
        }}
      />
    </Tooltip>
  )
}

/** Outside HTTPS and loopback there is no clipboard: then we say so. */
async function copy(text: string): Promise<'copied' | 'failed'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    return 'failed'
  }
}
