import { Field, Radio, RadioGroup, Textarea } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { RelationshipStatus } from '../../api/direct-leads.ts'
import desk from './lead-desk.module.css'

/** In the order in which a relation goes. `satisfies`: a sixth word of the contract does not compile. */
const words = {
  ConsentAcknowledged: { needsReason: false },
  CustomerContacted: { needsReason: false },
  AgreementSigned: { needsReason: false },
  ConsentDeclined: { needsReason: true },
  ContractTerminated: { needsReason: true },
} satisfies Record<RelationshipStatus, { needsReason: boolean }>

const REASON_MAX = 1_000

export type TypedRelationship = { status: RelationshipStatus | null; comment: string }

/** What may be written to Microsoft; null while something is missing. Source: microsoft.md A.4. */
export function readRelationship({
  status,
  comment,
}: TypedRelationship): { status: RelationshipStatus; comment: string } | null {
  const text = comment.trim()
  if (status === null || isLong(text) || (words[status].needsReason && text === '')) return null
  return { status, comment: text }
}

export function knownRelationship(word: string | null | undefined): RelationshipStatus | null {
  return word && Object.hasOwn(words, word) ? (word as RelationshipStatus) : null
}

type RelationshipFieldsProps = { typed: TypedRelationship; onChange: (typed: TypedRelationship) => void }

/** The five words of Microsoft with what they mean, and the comment, which is the reason where a relation ends. */
export function RelationshipFields({ typed, onChange }: RelationshipFieldsProps) {
  const { t } = useTranslation()
  const { status, comment } = typed
  const needsReason = status !== null && words[status].needsReason
  return (
    <>
      <RadioGroup
        aria-label={t('leadDesk.relationship.state')}
        value={status ?? ''}
        onChange={(_, { value }) => onChange({ ...typed, status: knownRelationship(value) })}
      >
        {(Object.keys(words) as RelationshipStatus[]).map((word) => (
          <Radio
            key={word}
            value={word}
            label={
              <>
                {t(`leadDesk.relationship.word.${word}`)}
                <span className={desk.choiceText}>{t(`leadDesk.relationship.meaning.${word}`)}</span>
              </>
            }
          />
        ))}
      </RadioGroup>
      <Field
        label={t(needsReason ? 'leadDesk.relationship.reason' : 'leadDesk.relationship.comment')}
        required={needsReason}
        hint={t(needsReason ? 'leadDesk.relationship.reasonHint' : 'leadDesk.relationship.commentHint')}
        {...(isLong(comment.trim()) && {
          validationState: 'error' as const,
          validationMessage: t('leadDesk.relationship.long', { max: REASON_MAX }),
        })}
      >
        <Textarea
          value={comment}
          resize="vertical"
          textarea={{ dir: 'auto' }}
          onChange={(_, { value }) => onChange({ ...typed, comment: value })}
        />
      </Field>
    </>
  )
}

function isLong(text: string): boolean {
  return [...text].length > REASON_MAX
}
