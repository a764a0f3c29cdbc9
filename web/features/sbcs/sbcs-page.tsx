import { Tab, TabList } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { Page } from '../../ui/page.tsx'
import '../../words/en-sbcs.ts'
import { DeviceList } from './device-list.tsx'
import { DevicePanel } from './device-panel.tsx'
import { OrderList } from './order-list.tsx'
import { OrderPanel } from './order-panel.tsx'
import { ordersQuery } from './sbc-queries.ts'
import { type SbcSearch, type SbcTab, tabs } from './sbc-search.ts'
import styles from './sbcs.module.css'
import { TemplateList } from './template-list.tsx'
import { TemplatePanel } from './template-panel.tsx'

/** Devices, the scripts for them, and the scripts that wait for somebody. Source: issue 7, 2. */
export function SbcsPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const { tab = 'devices', open } = getRouteApi('/operators/$operatorId/settings/sbcs').useSearch()
  const navigate = useNavigate()
  const waiting = useQuery(ordersQuery(operatorId)).data?.filter(({ state }) => state === 'open').length ?? 0
  const go = (search: SbcSearch) =>
    void navigate({ to: paths.sbcs, params: { operatorId: String(operatorId) }, search: withoutDefaults(search) })
  const show = (shown: string | null) => go(shown === null ? { tab } : { tab, open: shown })
  const close = () => show(null)
  return (
    <div style={{ display: 'flex', flex: 1, minHeight: 0 }}>
      <Page
        title={t('navigation.sbcs')}
        text={t(`sbcs.text.${tab}`)}
        actions={
          tab !== 'orders' && (
            <PermittedButton
              appearance="primary"
              icon={<AddRegular />}
              permission="sbcs.manage"
              onClick={() => show('new')}
            >
              {t(tab === 'devices' ? 'sbcs.device.new' : 'sbcs.template.new')}
            </PermittedButton>
          )
        }
      >
        <TabList
          selectedValue={tab}
          size="small"
          className={`${styles.tabs}`}
          onTabSelect={(_, { value }) => go({ tab: value as SbcTab })}
        >
          {tabs.map((one) => (
            <Tab key={one} value={one}>
              {t(`sbcs.tab.${one}`)}
              {one === 'orders' && waiting > 0 && <span className={styles.count}>{waiting}</span>}
            </Tab>
          ))}
        </TabList>
        {tab === 'devices' && <DeviceList onOpen={(id) => show(String(id))} onNew={() => show('new')} />}
        {tab === 'templates' && <TemplateList onOpen={(id) => show(String(id))} />}
        {tab === 'orders' && <OrderList onOpen={show} />}
      </Page>
      {open !== undefined && tab === 'devices' && (
        <DevicePanel
          key={open}
          sbcId={open === 'new' ? null : Number(open)}
          onCreated={(id) => show(String(id))}
          onClose={close}
        />
      )}
      {open !== undefined && tab === 'templates' && (
        <TemplatePanel
          key={open}
          templateId={open === 'new' ? null : Number(open)}
          onOpen={(id) => show(String(id))}
          onClose={close}
        />
      )}
      {open !== undefined && tab === 'orders' && <OrderPanel key={open} orderId={open} onClose={close} />}
    </div>
  )
}

function withoutDefaults({ tab, open }: SbcSearch): SbcSearch {
  return { ...(tab && tab !== 'devices' && { tab }), ...(open !== undefined && { open }) }
}
