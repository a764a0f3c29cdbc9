import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components'
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../paths.ts'
import { isPlatformAdministrator, useMe, useOperator } from './operator.ts'

/** The operator one works for; with several, a menu to change it. The choice is the address. */
export function OperatorSwitch() {
  const { t } = useTranslation()
  const me = useMe()
  const operator = useOperator()
  const navigate = useNavigate()
  const nameOf = ({ name, channelName }: { name: string; channelName: string | null }) =>
    channelName ? `${channelName} · ${name}` : name
  const mayAdd = isPlatformAdministrator(me)
  if (me.operators.length < 2 && !mayAdd) {
    return (
      <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8, fontSize: 14 }}>
        <OrganizationRegular aria-hidden="true" fontSize={20} />
        {nameOf(operator)}
      </span>
    )
  }
  return (
    <Menu checkedValues={{ operator: [String(operator.operatorId)] }}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<OrganizationRegular />}
          aria-label={t('frame.operator', { name: nameOf(operator) })}
        >
          {nameOf(operator)}
          <ChevronDownRegular style={{ marginInlineStart: 6 }} />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList hasCheckmarks>
          {me.operators.map((choice) => (
            <MenuItemRadio
              key={choice.operatorId}
              name="operator"
              value={String(choice.operatorId)}
              onClick={() => navigate({ to: paths.leads, params: { operatorId: String(choice.operatorId) } })}
            >
              {nameOf(choice)}
            </MenuItemRadio>
          ))}
          {mayAdd && (
            <>
              <MenuDivider />
              <MenuItem onClick={() => navigate({ to: paths.operators })}>{t('operators.all')}</MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
