import { useNow } from './clock.ts'
import { exactText, instantOf, relativeText } from './dates.ts'

/** "5 min. ago", with the exact instant on hover. A text that is no instant is shown as it came. */
export function RelativeTime({ instant: text }: { instant: string }) {
  const now = useNow()
  const instant = instantOf(text)
  if (!instant) return <span>{text}</span>
  return (
    <time
      // Another instant is another element: the title is not known to React.
      key={text}
      dateTime={instant.toISOString()}
      // Made when it is looked at: long dates are dear, and lists scroll through thousands.
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = exactText(instant)
      }}
    >
      {relativeText(instant, now)}
    </time>
  )
}
