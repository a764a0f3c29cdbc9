import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components'
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { WireService } from '../../api/services.ts'
import { CHOSEN_LEADS_MAX, paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { countSelected, type GridSelection, isRowSelected } from '../../ui/data-grid/grid-selection.ts'
import { isAnyChosen } from '../../ui/data-grid/use-selecting.ts'
import type { Part } from './service-search.ts'

type MenuProps = {
  selection: GridSelection
  rows: readonly WireService[]
  /** Services of the whole list. */
  total: number
  onOpen: (serviceId: string, part: Part) => void
}

/** What may be done with the services that are ticked. Source: portal.md 12.1; issue 7, 4. */
export function OperatorConnectMenu({ selection, rows, total, onOpen }: MenuProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const navigate = useNavigate()
  const chosen = rows.filter(({ id }) => isRowSelected(selection, id))
  const [first] = isAnyChosen(selection) ? chosen : []
  const button = (
    <Button size="small" icon={<ChevronDownRegular />} iconPosition="after" disabledFocusable={!first}>
      {t('services.operatorConnect.menu')}
    </Button>
  )
  if (!first) {
    return (
      <Tooltip content={t('services.operatorConnect.none')} relationship="description">
        {button}
      </Tooltip>
    )
  }
  const openLead = () =>
    void navigate({
      to: paths.tenant,
      params: { operatorId: String(operatorId), leadId: first.leadId },
      search: { q: first.tenantId },
    })
  const openLeads = () =>
    void navigate({
      to: paths.tenants,
      params: { operatorId: String(operatorId) },
      search: { leads: chosen.map(({ leadId }) => leadId).join(',') },
    })
  const item = (words: string, run: () => void, inTheWay: string | null) =>
    inTheWay === null ? (
      <MenuItem onClick={run}>{words}</MenuItem>
    ) : (
      <Tooltip content={inTheWay} relationship="description" positioning="after">
        <MenuItem disabled>{words}</MenuItem>
      </Tooltip>
    )
  // Of all that match only the loaded ones are known here.
  const count = countSelected(selection, total)
  const tooMany = t('services.operatorConnect.tooMany', { count: CHOSEN_LEADS_MAX })
  const one = t('services.operatorConnect.one')
  const editIt = () => onOpen(first.id, 'details')
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>{button}</MenuTrigger>
      <MenuPopover>
        <MenuList>
          {item(
            t('services.operatorConnect.leads'),
            count === 1 ? openLead : openLeads,
            count > CHOSEN_LEADS_MAX ? tooMany : null,
          )}
          {item(t('services.operatorConnect.numbers'), () => {}, t('services.operatorConnect.numbersLater'))}
          {item(t('services.operatorConnect.edit'), editIt, count === 1 ? null : one)}
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
