import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
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
  return (
    <MessageBar intent="success" layout="multiline" politeness="assertive">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle> {text}
        <code className={styles.secret}>{secret}</code>
      </MessageBarBody>
      <MessageBarActions>
        <CopyButton text={secret} what={what} />
      </MessageBarActions>
    </MessageBar>
  )
}
