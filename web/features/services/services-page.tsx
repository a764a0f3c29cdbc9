import { getRouteApi, Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WireService } from '../../api/services.ts'
import { paths } from '../../paths.ts'
import { useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { DataGrid } from '../../ui/data-grid/data-grid.tsx'
import { type GridSelection, NOTHING_SELECTED } from '../../ui/data-grid/grid-selection.ts'
import { LoadingRows } from '../../ui/states.tsx'
import { useWatched } from '../../ui/watched.ts'
import '../../words/en-services.ts'
import { AddServiceMenu } from './add-service-menu.tsx'
import { EmptyServices } from './empty-services.tsx'
import { OperatorConnectMenu } from './operator-connect-menu.tsx'
import { serviceAsked } from './service-asked.ts'
import { serviceColumns } from './service-columns.tsx'
import { ServiceMenu, type ServiceMenuAt } from './service-menu.tsx'
import { ServicePanel } from './service-panel.tsx'
import { useServices } from './service-queries.ts'
import { DEFAULT_SORT, type Part, type ServiceSearch, serviceFilterOf } from './service-search.ts'
import { ServiceToolbar } from './service-toolbar.tsx'
import styles from './services.module.css'

const LateServiceDialogs = lazy(async () => ({ default: (await import('./service-dialogs.tsx')).ServiceDialogs }))

/** Every service with its license, customer, connections and health. Source: issue 7, 4. */
export function ServicesPage() {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const search = getRouteApi('/operators/$operatorId/services').useSearch()
  const filter = useMemo(() => serviceFilterOf(search), [search])
  const services = useServices(operatorId, filter)
  const { serviceId, open, close, setSearch } = useServiceNavigation(search)
  const [menu, setMenu] = useState<ServiceMenuAt | null>(null)
  const [selection, select] = useState<GridSelection>(NOTHING_SELECTED)
  const [panelTakesFocus, setPanelTakesFocus] = useState(false)
  const asked = useWatched(serviceAsked)
  const grid = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => serviceColumns(t), [t])
  const onOpen = useCallback(
    (id: string, how: 'click' | 'enter' | 'arrow') => {
      setPanelTakesFocus(how === 'enter')
      open(id, how === 'arrow')
    },
    [open],
  )
  const openPart = useCallback(
    (id: string, part: Part) => {
      setPanelTakesFocus(true)
      open(id, false, part)
    },
    [open],
  )
  const closePanel = useCallback(() => {
    close()
    grid.current?.focus({ preventScroll: true })
  }, [close])
  const rowLabel = useCallback((service: WireService) => t('services.selectRow', { name: service.fullName }), [t])
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = services
  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const total = services.data ? services.total : undefined
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>{t('services.title')}</h1>
        <div className={styles.actions}>
          <Link to={paths.licenses} params={{ operatorId: String(operatorId) }} className={`${styles.link}`}>
            {t('services.pools.title')}
          </Link>
          <OperatorConnectMenu selection={selection} rows={services.rows} total={services.total} onOpen={openPart} />
          <AddServiceMenu />
        </div>
      </div>
      <ServiceToolbar search={search} filter={filter} total={total} onChange={setSearch} />
      <div className={styles.list}>
        {services.isError && <ProblemNotice error={services.error} onRetry={() => void services.refetch()} />}
        {services.isPending ? (
          <LoadingRows />
        ) : (
          !(services.isError && services.rows.length === 0) && (
            <DataGrid
              label={t('services.title')}
              columns={columns}
              rows={services.rows}
              rowId={serviceIdOf}
              total={services.total}
              sort={search.sort ?? DEFAULT_SORT}
              onSort={(sort) => setSearch({ ...search, sort })}
              openRowId={serviceId}
              onOpen={onOpen}
              onClose={serviceId ? closePanel : undefined}
              onMenu={(service, at) => setMenu({ service, at })}
              selecting={{
                value: selection,
                onChange: select,
                rowLabel,
                allLabel: t('services.selectAll', { shown: services.total.toLocaleString() }),
              }}
              hasMore={hasNextPage}
              onNearEnd={onNearEnd}
              gridRef={grid}
              empty={<EmptyServices search={search} onClear={() => setSearch({})} />}
            />
          )
        )}
      </div>
      {menu && (
        <ServiceMenu
          {...menu}
          onClose={() => {
            setMenu(null)
            // The menu had the focus; a panel that opened from it takes it next.
            grid.current?.focus({ preventScroll: true })
          }}
          onOpen={openPart}
        />
      )}
      {serviceId && (
        <ServicePanel
          serviceId={serviceId}
          rows={services.rows}
          part={search.part}
          takesFocus={panelTakesFocus}
          onPart={(part) => open(serviceId, true, part)}
          onOpen={openPart}
          onGoTo={(id) => open(id, true)}
          onClose={closePanel}
        />
      )}
      <Suspense>{asked && <LateServiceDialogs asked={asked} onClose={() => serviceAsked.set(null)} />}</Suspense>
      <Outlet />
    </div>
  )
}

const serviceIdOf = (service: WireService) => service.id

/** Everything one can see is in the address: the list's state, and the service whose panel is open. */
function useServiceNavigation(search: ServiceSearch) {
  const navigate = useNavigate()
  const { operatorId } = useOperator()
  const { serviceId } = useParams({ strict: false })
  const latest = useRef(search)
  latest.current = search
  const open = useCallback(
    (id: string, replace: boolean, part?: Part) => {
      const { part: before, ...list } = latest.current
      const shown = part ?? (replace ? before : undefined)
      void navigate({
        to: paths.service,
        params: { operatorId: String(operatorId), serviceId: id },
        search: shown && shown !== 'details' ? { ...list, part: shown } : list,
        replace,
      })
    },
    [navigate, operatorId],
  )
  const close = useCallback(() => {
    const { part: _part, ...list } = latest.current
    void navigate({ to: paths.services, params: { operatorId: String(operatorId) }, search: list })
  }, [navigate, operatorId])
  const setSearch = useCallback(
    (next: ServiceSearch) => {
      const params = { operatorId: String(operatorId) }
      // Typing must not fill the history: only the last state of a list is gone back to.
      if (serviceId) void navigate({ to: paths.service, params: { ...params, serviceId }, search: next, replace: true })
      else void navigate({ to: paths.services, params, search: next, replace: true })
    },
    [navigate, operatorId, serviceId],
  )
  return { serviceId, open, close, setSearch }
}
