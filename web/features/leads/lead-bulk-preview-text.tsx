import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { LeadBulkAction } from '../../api/lead-bulk.ts'
import type { BulkPreview } from './lead-bulk-preview.ts'
import desk from './lead-desk.module.css'

/** Companies that are named; of the others there is a number. */
const NAMES_SHOWN = 3

type RefusingAction = 'archive' | 'assign-channel'
type KeepingAction = RefusingAction | 'unarchive' | 'remove-channel'

/** How many change, which are refused and why, and which are so already. */
export function BulkPreviewText({ action, preview }: { action: LeadBulkAction; preview: BulkPreview | null }) {
  const { t } = useTranslation()
  if (!preview) return <p role="status">{t('leadBulk.counting')}</p>
  const { willChange, unchanged, refused } = preview
  const counted = (count: number) => ({ count, shown: count.toLocaleString() })
  const refusedCount = refused.reduce((sum, { count }) => sum + count, 0)
  return (
    <div role="status" className={desk.preview}>
      <p>
        <strong>{willChange === 0 ? t('leadBulk.nothing') : t('leadBulk.willChange', counted(willChange))}</strong>
      </p>
      {refusedCount > 0 && (
        <>
          <p>{t(`leadBulk.refused.${action as RefusingAction}`, counted(refusedCount))}</p>
          <ul>
            {refused.map(({ status, count, names }) => (
              <li key={status} dir="auto">
                {t('leadBulk.ofStatus', {
                  status: t(`lead.status.${status as 'Active'}`, { defaultValue: status }),
                  names: namesText(t, names, count),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
      {unchanged > 0 && <p>{t(`leadBulk.unchanged.${action as KeepingAction}`, counted(unchanged))}</p>}
    </div>
  )
}

function namesText(t: TFunction, names: string[], count: number): string {
  if (names.length === 0) return count.toLocaleString()
  const more = count - NAMES_SHOWN
  const shown = names.slice(0, NAMES_SHOWN).join(', ')
  return more <= 0 ? shown : t('leadBulk.andMore', { names: shown, count: more, shown: more.toLocaleString() })
}
