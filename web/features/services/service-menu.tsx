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
import { LinkRegular } from '@fluentui/react-icons/svg/link'
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal'
import { useTranslation } from 'react-i18next'
import type { WireService } from '../../api/services.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { useToast } from '../../ui/toasts.tsx'
import { type ServiceAction, useServiceActions } from './service-actions.tsx'
import type { Part } from './service-search.ts'

export type ServiceMenuAt = { service: WireService; at: { x: number; y: number } }
type OnOpen = (serviceId: string, part: Part) => void

/** The menu of a row, where it was asked for: at the button, at the mouse, at the current row. */
export function ServiceMenu({ service, at, onClose, onOpen }: ServiceMenuAt & { onClose: () => void; onOpen: OnOpen }) {
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
        <ServiceMenuList service={service} onOpen={onOpen} />
      </MenuPopover>
    </Menu>
  )
}

/** The same menu behind a button, for the panel of a service. */
export function ServiceMenuButton({ service, onOpen }: { service: WireService; onOpen: OnOpen }) {
  const { t } = useTranslation()
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t('leads.menuOf', { company: service.fullName })} relationship="label">
          <Button appearance="subtle" icon={<MoreHorizontalRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <ServiceMenuList service={service} onOpen={onOpen} />
      </MenuPopover>
    </Menu>
  )
}

function ServiceMenuList({ service, onOpen }: { service: WireService; onOpen: OnOpen }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const actionsOf = useServiceActions(onOpen)
  const toast = useToast()
  const copyLink = async () => {
    const path = paths.service.replace('$operatorId', String(operatorId)).replace('$serviceId', service.id)
    try {
      await navigator.clipboard.writeText(`${window.location.origin}${path}`)
      toast('success', t('copy.done'))
    } catch {
      toast('error', t('copy.failed', { what: '' }))
    }
  }
  return (
    <MenuList aria-label={t('leads.menuOf', { company: service.fullName })}>
      {actionsOf(service).map((action) => (
        <ActionItem key={action.name} action={action} />
      ))}
      <MenuDivider />
      <MenuItem icon={<LinkRegular />} onClick={() => void copyLink()}>
        {t('services.copyLink')}
      </MenuItem>
    </MenuList>
  )
}

/** Greyed with its reason, on hover and focus, while it is not allowed. */
function ActionItem({ action: { name, icon, verdict, run } }: { action: ServiceAction }) {
  const { t } = useTranslation()
  const words = t(`services.action.${name}`)
  if (verdict.allowed) {
    return (
      <MenuItem icon={icon} onClick={run}>
        {words}
      </MenuItem>
    )
  }
  return (
    <Tooltip content={verdict.reason ?? t('permission.notNow')} relationship="description" positioning="after">
      <MenuItem icon={icon} disabled>
        {words}
      </MenuItem>
    </Tooltip>
  )
}
