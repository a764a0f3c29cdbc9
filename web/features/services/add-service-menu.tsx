import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'

const LateAdoption = lazy(async () => ({ default: (await import('./adoption-dialog.tsx')).AdoptionDialog }))

/** "Add Service" of the original: services are made of leads, or taken over as they are. Source: portal.md 12.1. */
export function AddServiceMenu() {
  const { t } = useTranslation()
  const { operatorId, can, isWholeOperator } = useOperator()
  const navigate = useNavigate()
  const [isAdopting, setIsAdopting] = useState(false)
  const mayAdopt = isWholeOperator && can('services.write')
  return (
    <>
      <Menu positioning="below-end">
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="primary" size="small" icon={<AddRegular />}>
            {t('services.add.menu')}
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem onClick={() => void navigate({ to: paths.leads, params: { operatorId: String(operatorId) } })}>
              {t('services.add.operatorConnect')}
            </MenuItem>
            {mayAdopt ? (
              <MenuItem onClick={() => setIsAdopting(true)}>{t('services.add.adopt')}</MenuItem>
            ) : (
              <Tooltip content={t('services.carrierOnly')} relationship="description" positioning="after">
                <MenuItem disabled>{t('services.add.adopt')}</MenuItem>
              </Tooltip>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Suspense>{isAdopting && <LateAdoption onClose={() => setIsAdopting(false)} />}</Suspense>
    </>
  )
}
