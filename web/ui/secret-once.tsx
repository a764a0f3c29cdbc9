import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useEffect, useRef } from 'react'
import { CopyButton } from './copy-button.tsx'
import styles from './secret-once.module.css'

/** Something that is shown this one time: a client secret, a link, a code. */
export function SecretOnce({
  title,
  text,
  secret,
  what,
}: {
  title: string
  text: string
  secret: string
  what: string
}) {
  const place = useRef<HTMLDivElement>(null)
  // It is shown this one time: it must not stand above what is on the screen.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div ref={place}>
      <MessageBar intent="success" layout="multiline" politeness="assertive">
        <MessageBarBody>
          <MessageBarTitle>{title}</MessageBarTitle> {text}
          <code className={styles.secret}>{secret}</code>
        </MessageBarBody>
        <MessageBarActions>
          <CopyButton text={secret} what={what} />
        </MessageBarActions>
      </MessageBar>
    </div>
  )
}
