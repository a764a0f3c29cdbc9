import { Field, Input } from '@fluentui/react-components'

/** Where something is POSTed to, as it is typed. */
export type PostTarget = { url: string; headerName: string; headerValue: string }

type Words = { label: string; hint: string; placeholder?: string }

type PostTargetFieldsProps = {
  target: PostTarget
  words: Record<keyof PostTarget, Words>
  /** What is wrong with each. */
  wrong: Partial<Record<keyof PostTarget, string | undefined>>
  isLocked?: boolean
  onChange: (target: PostTarget) => void
}

const LENGTHS_MAX = { url: 2_000, headerName: 100, headerValue: 4_096 }
const fields = ['url', 'headerName', 'headerValue'] as const

/** An address and one header of one's own. */
export function PostTargetFields({ target, words, wrong, isLocked = false, onChange }: PostTargetFieldsProps) {
  return fields.map((field) => {
    const { label, hint, placeholder } = words[field]
    const flaw = wrong[field]
    return (
      <Field
        key={field}
        label={label}
        hint={hint}
        required={field === 'url'}
        {...(flaw && { validationState: 'error' as const, validationMessage: flaw })}
      >
        <Input
          value={target[field]}
          maxLength={LENGTHS_MAX[field]}
          readOnly={isLocked}
          autoComplete="off"
          spellCheck={false}
          input={{ dir: 'ltr' }}
          {...(placeholder && { placeholder })}
          {...(field === 'url' && { inputMode: 'url' as const })}
          onChange={(_, { value }) => onChange({ ...target, [field]: value })}
        />
      </Field>
    )
  })
}
