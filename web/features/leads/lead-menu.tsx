import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components'
import { CopyRegular } from '@fluentui/react-icons/svg/copy'
import { HistoryRegular } from '@fluentui/react-icons/svg/history'
import { InfoRegular } from '@fluentui/react-icons/svg/info'
import { LinkRegular } from '@fluentui/react-icons/svg/link'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { useOperator } from '../../shell/operator.ts'
import { useToast } from '../../ui/toasts.tsx'
import type { Part } from './lead-search.ts'

export type LeadMenuAt = { lead: DeskLead; at: { x: number; y: number } }

type LeadMenuProps = LeadMenuAt & { onClose: () => void; onOpen: (part: Part) => void }

/** What can be done with a row, in the words and order of seed 000; an action comes with the issue that makes it work. */
export function LeadMenu({ lead, at, onClose, onOpen }: LeadMenuProps) {
  const { t } = useTranslation()
  const operator = useOperator()
  const toast = useToast()
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      toast('success', t('copy.done'))
    } catch {
      toast('error', t('copy.failed', { what: '' }))
    }
  }
  const target = { getBoundingClientRect: () => new DOMRect(at.x, at.y, 0, 0) }
  return (
    <Menu
      open
      onOpenChange={(_, { open }) => {
        if (!open) onClose()
      }}
      positioning={{ target, position: 'below', align: 'start' }}
    >
      <MenuPopover>
        <MenuList aria-label={t('leads.menuOf', { company: lead.companyName ?? '' })}>
          {operator.can('journal.read') && (
            <MenuItem icon={<HistoryRegular />} onClick={() => onOpen('history')}>
              {t('leads.history')}
            </MenuItem>
          )}
          <MenuItem icon={<InfoRegular />} onClick={() => onOpen('details')}>
            {t('leads.detailedStatus')}
          </MenuItem>
          <MenuDivider />
          <MenuItem icon={<CopyRegular />} onClick={() => copy(lead.tenantId)}>
            {t('leads.copyTenant')}
          </MenuItem>
          <MenuItem
            icon={<LinkRegular />}
            onClick={() =>
              copy(`${window.location.origin}${window.location.pathname.split('/').slice(0, 4).join('/')}/${lead.id}`)
            }
          >
            {t('leads.copyLink')}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
