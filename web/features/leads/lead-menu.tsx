import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components'
import { CopyRegular } from '@fluentui/react-icons/svg/copy'
import { LinkRegular } from '@fluentui/react-icons/svg/link'
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { useToast } from '../../ui/toasts.tsx'
import { type LeadAction, useLeadActions } from './lead-actions.tsx'
import type { Part } from './lead-search.ts'

export type LeadMenuAt = { lead: DeskLead; at: { x: number; y: number } }

type OnOpen = (leadId: string, part: Part) => void

/** The menu of a row, where it was asked for: at the button, at the mouse, at the current row. */
export function LeadMenu({ lead, at, onClose, onOpen }: LeadMenuAt & { onClose: () => void; onOpen: OnOpen }) {
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
        <LeadMenuList lead={lead} onOpen={onOpen} />
      </MenuPopover>
    </Menu>
  )
}

/** The same menu behind a button, for the panel of a lead. */
export function LeadMenuButton({ lead, onOpen }: { lead: DeskLead; onOpen: OnOpen }) {
  const { t } = useTranslation()
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t('leads.menuOf', { company: lead.companyName ?? '' })} relationship="label">
          <Button appearance="subtle" icon={<MoreHorizontalRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <LeadMenuList lead={lead} onOpen={onOpen} />
      </MenuPopover>
    </Menu>
  )
}

function LeadMenuList({ lead, onOpen }: { lead: DeskLead; onOpen: OnOpen }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const actionsOf = useLeadActions(onOpen)
  const copy = useCopy()
  const linkTo = () => {
    const path = lead.umpCustomerGuid === null ? paths.lead : paths.tenant
    return `${window.location.origin}${path.replace('$operatorId', String(operatorId)).replace('$leadId', lead.id)}`
  }
  return (
    <MenuList aria-label={t('leads.menuOf', { company: lead.companyName ?? '' })}>
      {actionsOf(lead).map((action) => (
        <ActionItem key={action.name} action={action} />
      ))}
      <MenuDivider />
      <MenuItem icon={<CopyRegular />} onClick={() => copy(lead.tenantId)}>
        {t('leads.copyTenant')}
      </MenuItem>
      <MenuItem icon={<LinkRegular />} onClick={() => copy(linkTo())}>
        {t('leads.copyLink')}
      </MenuItem>
    </MenuList>
  )
}

/** Greyed with its reason, on hover and focus, while it is not allowed. */
function ActionItem({ action: { words, icon, verdict, run } }: { action: LeadAction }) {
  const { t } = useTranslation()
  if (verdict.allowed)
    return (
      <MenuItem icon={icon} onClick={run}>
        {words}
      </MenuItem>
    )
  return (
    <Tooltip content={verdict.reason ?? t('permission.notNow')} relationship="description" positioning="after">
      <MenuItem icon={icon} disabled>
        {words}
      </MenuItem>
    </Tooltip>
  )
}

function useCopy(): (text: string) => Promise<void> {
  const { t } = useTranslation()
  const toast = useToast()
  return async (text) => {
    try {
      await navigator.clipboard.writeText(text)
      toast('success', t('copy.done'))
    } catch {
      toast('error', t('copy.failed', { what: '' }))
    }
  }
}
