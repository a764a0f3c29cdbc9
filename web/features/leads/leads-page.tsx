import { ProgressBar, Tab, TabList } from '@fluentui/react-components'
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskLead } from '../../api/leads.ts'
import { paths } from '../../paths.ts'
import { useMe, useOperator } from '../../shell/operator.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { serverNow } from '../../ui/clock.ts'
import { DataGrid } from '../../ui/data-grid/data-grid.tsx'
import type { GridDetail } from '../../ui/data-grid/grid-column.ts'
import { NOTHING_SELECTED } from '../../ui/data-grid/grid-selection.ts'
import { isAnyChosen } from '../../ui/data-grid/use-selecting.ts'
import { LoadingRows } from '../../ui/states.tsx'
import { useWatched } from '../../ui/watched.ts'
import { EmptyLeads } from './empty-leads.tsx'
import { Freshness } from './freshness.tsx'
import {
  LateLeadBulkBar,
  LateLeadColumnButton,
  LateLeadDialogs,
  LateLeadPanel,
  LateLeadViewMenu,
  useLateParts,
} from './late-parts.ts'
import { channelAsked, deletionAsked, dutyAsked, licenseAsked, mailAsked } from './lead-asked.ts'
import { leadColumns } from './lead-columns.tsx'
import { contactsHeight, LeadContacts } from './lead-contacts.tsx'
import { LeadMenu, type LeadMenuAt } from './lead-menu.tsx'
import { useLeadFilter, useLeads, useSettledFilter, useTabTotal } from './lead-queries.ts'
import { DEFAULT_SORT, type LeadSearch, type Part } from './lead-search.ts'
import { useLeadSelection } from './lead-selection.ts'
import { ExportAll, LeadToolbar } from './lead-toolbar.tsx'
import { listOf } from './lead-view.ts'
import { LeadWebhook } from './lead-webhook.tsx'
import styles from './leads.module.css'
import { NewLead } from './new-lead.tsx'
import { useLeadLayout } from './use-lead-layout.ts'

/** Qualify Leads has two tabs with an address each. Source: seed 000; issue 3, 3. */
export function NewLeadsPage() {
  const search = getRouteApi('/operators/$operatorId/leads').useSearch()
  return <LeadsPage isTenants={false} search={search} />
}

export function TenantsPage() {
  const search = getRouteApi('/operators/$operatorId/tenants').useSearch()
  return <LeadsPage isTenants={true} search={search} />
}

function LeadsPage({ isTenants, search }: { isTenants: boolean; search: LeadSearch }) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const filter = useLeadFilter(search, isTenants)
  const leads = useLeads(operatorId, filter)
  const navigation = useLeadNavigation(isTenants, search)
  const { leadId, latest, openLead, closeLead, setSearch } = navigation
  const [menu, setMenu] = useState<LeadMenuAt | null>(null)
  const grid = useRef<HTMLDivElement>(null)
  const [selection, select] = useLeadSelection(filter)
  const isDialogAsked = [
    ...[useWatched(channelAsked), useWatched(deletionAsked), useWatched(mailAsked), useWatched(dutyAsked)],
    useWatched(licenseAsked),
  ].some((asked) => asked !== null)
  const [panelTakesFocus, setPanelTakesFocus] = useState(false)
  const isNew = useIsNew()
  const areRowsShown = useLateParts(leads.isSuccess)
  const columns = useMemo(() => leadColumns(t, isNew, isTenants), [t, isNew, isTenants])
  const { layout, onResize } = useLeadLayout(listOf(isTenants), columns, search)
  const detail = useMemo<GridDetail<DeskLead>>(
    () => ({
      height: contactsHeight,
      render: (lead) => <LeadContacts lead={lead} />,
      label: (lead) => t('leads.contactsOf', { company: lead.companyName ?? '' }),
    }),
    [t],
  )
  const onOpen = useCallback(
    (id: string, how: 'click' | 'enter' | 'arrow') => {
      setPanelTakesFocus(how === 'enter')
      openLead(id, how === 'arrow')
    },
    [openLead],
  )
  const openPart = useCallback(
    (id: string, part: Part) => {
      setPanelTakesFocus(true)
      openLead(id, false, part)
    },
    [openLead],
  )
  const openCreated = useCallback((id: string) => openPart(id, 'details'), [openPart])
  const close = useCallback(() => {
    closeLead()
    grid.current?.focus({ preventScroll: true })
  }, [closeLead])
  const rowLabel = useCallback(
    (lead: DeskLead) => t('leadBulk.selectRow', { company: lead.companyName || lead.tenantId }),
    [t],
  )
  const { total } = leads
  const selecting = useMemo(
    () => ({
      value: selection,
      onChange: select,
      rowLabel,
      allLabel: t('leadBulk.selectAll', { count: total, shown: total.toLocaleString() }),
    }),
    [selection, select, rowLabel, t, total],
  )
  const sortBy = useCallback((sort: string) => setSearch({ ...latest.current, sort }), [setSearch, latest])
  const onMenu = useCallback((lead: DeskLead, at: LeadMenuAt['at']) => setMenu({ lead, at }), [])
  const paging = useRef(leads)
  paging.current = leads
  const onNearEnd = useCallback(() => {
    const { hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage } = paging.current
    if (hasNextPage && !isFetchingNextPage && !isPlaceholderData) void fetchNextPage()
  }, [])

  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>{t('leads.title')}</h1>
        <Tabs isTenants={isTenants} search={search} total={leads.data ? leads.total : undefined} />
        <Suspense fallback={<span className={styles.viewsPlace} />}>
          {areRowsShown ? (
            <LateLeadViewMenu layout={layout} search={search} onSearch={setSearch} />
          ) : (
            <span className={styles.viewsPlace} />
          )}
        </Suspense>
        <div className={styles.actions}>
          <Freshness />
          {!isTenants && <NewLead onCreated={openCreated} />}
          <ExportAll filter={filter} total={leads.data ? leads.total : undefined} />
          {!isTenants && <LeadWebhook />}
          <Suspense fallback={<span className={styles.columnsPlace} />}>
            {areRowsShown ? <LateLeadColumnButton layout={layout} /> : <span className={styles.columnsPlace} />}
          </Suspense>
        </div>
      </div>
      <LeadToolbar search={search} filter={filter} total={leads.data ? leads.total : undefined} onChange={setSearch} />
      <div className={styles.list}>
        {leads.isFetching && !leads.isFetchingNextPage && leads.isPlaceholderData && (
          <ProgressBar className={`${styles.working}`} thickness="medium" aria-label={t('loading')} />
        )}
        {leads.isError && <ProblemNotice error={leads.error} onRetry={() => void leads.refetch()} />}
        {leads.isPending ? (
          <LoadingRows />
        ) : (
          !(leads.isError && leads.rows.length === 0) && (
            <DataGrid
              label={t(isTenants ? 'leads.tenants' : 'leads.newLeads')}
              columns={layout.shown}
              rows={leads.rows}
              rowId={leadIdOf}
              total={leads.total}
              sort={search.sort ?? DEFAULT_SORT}
              onSort={sortBy}
              onResize={onResize}
              openRowId={leadId}
              onOpen={onOpen}
              onClose={leadId ? close : undefined}
              isMarked={isNew}
              detail={detail}
              onMenu={onMenu}
              selecting={selecting}
              hasMore={leads.hasNextPage || leads.isPlaceholderData}
              onNearEnd={onNearEnd}
              gridRef={grid}
              empty={
                leads.rows.length === 0 && <EmptyLeads isTenants={isTenants} search={search} onClear={setSearch} />
              }
            />
          )
        )}
        {isAnyChosen(selection) && leads.rows.length > 0 && (
          <Suspense>
            <LateLeadBulkBar
              chosen={{ selection, rows: leads.rows, filter, total: leads.total }}
              onSelect={select}
              onClear={() => {
                select(NOTHING_SELECTED)
                grid.current?.focus({ preventScroll: true })
              }}
            />
          </Suspense>
        )}
      </div>
      {menu && (
        <LeadMenu
          {...menu}
          onClose={() => {
            setMenu(null)
            // The menu had the focus; a panel that opened from it takes it next.
            grid.current?.focus({ preventScroll: true })
          }}
          onOpen={openPart}
        />
      )}
      {leadId && (
        <Suspense>
          <LateLeadPanel
            key="panel"
            leadId={leadId}
            rows={leads.rows}
            part={search.part}
            takesFocus={panelTakesFocus}
            onPart={(part) => openLead(leadId, true, part)}
            onOpen={openPart}
            onGoTo={(id) => openLead(id, true)}
            onClose={close}
          />
        </Suspense>
      )}
      <Suspense>{isDialogAsked && <LateLeadDialogs onDeleted={(id) => id === leadId && close()} />}</Suspense>
      <Outlet />
    </div>
  )
}

const leadIdOf = (lead: DeskLead) => lead.id

type TabsProps = { isTenants: boolean; search: LeadSearch; total: number | undefined }

/** The filters stay when the tab changes: the same question about the other leads. */
function Tabs({ isTenants, search, total }: TabsProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { operatorId } = useOperator()
  const filter = useSettledFilter(useLeadFilter(search, isTenants))
  const other = useTabTotal(operatorId, filter, !isTenants)
  const params = { operatorId: String(operatorId) }
  const count = (value: number | undefined) => (
    <span className={styles.tabCount}>{value === undefined ? '' : value.toLocaleString()}</span>
  )
  return (
    <TabList
      selectedValue={isTenants ? 'tenants' : 'leads'}
      size="small"
      aria-label={t('leads.title')}
      onTabSelect={(_, { value }) => {
        // A view is of one of the two.
        const { part: _part, view: _view, ...kept } = search
        void navigate({ to: value === 'tenants' ? paths.tenants : paths.leads, params, search: kept })
      }}
    >
      <Tab value="leads">
        {t('leads.newLeads')}
        {count(isTenants ? other : total)}
      </Tab>
      <Tab value="tenants">
        {t('leads.tenants')}
        {count(isTenants ? total : other)}
      </Tab>
    </TabList>
  )
}

/** Everything one can see is in the address: the list's state, and the lead whose panel is open. */
function useLeadNavigation(isTenants: boolean, search: LeadSearch) {
  const navigate = useNavigate()
  const { operatorId } = useOperator()
  const leadId = useParams({ strict: false, select: (params) => params.leadId })
  const latest = useRef(search)
  latest.current = search
  const openLead = useCallback(
    (id: string, replace: boolean, part?: string) => {
      const { part: before, ...list } = latest.current
      const shown = part ?? (replace ? before : undefined)
      void navigate({
        to: isTenants ? paths.tenant : paths.lead,
        params: { operatorId: String(operatorId), leadId: id },
        search: shown && shown !== 'details' ? { ...list, part: shown } : list,
        replace,
      })
    },
    [navigate, operatorId, isTenants],
  )
  const closeLead = useCallback(() => {
    const { part: _part, ...list } = latest.current
    const to = isTenants ? paths.tenants : paths.leads
    void navigate({ to, params: { operatorId: String(operatorId) }, search: list })
  }, [navigate, operatorId, isTenants])
  const setSearch = useCallback(
    (next: LeadSearch) => {
      const params = { operatorId: String(operatorId) }
      // Typing must not fill the history: only the last state of a list is gone back to.
      if (leadId) {
        const to = isTenants ? paths.tenant : paths.lead
        void navigate({ to, params: { ...params, leadId }, search: next, replace: true })
      } else void navigate({ to: isTenants ? paths.tenants : paths.leads, params, search: next, replace: true })
    },
    [navigate, operatorId, isTenants, leadId],
  )
  return { leadId, latest, openLead, closeLead, setSearch }
}

/** New is what came after the visit before this one; on the very first visit what comes while one looks. */
function useIsNew(): (lead: DeskLead) => boolean {
  const { previousVisitAt } = useMe()
  const [openedAt] = useState(serverNow)
  return useMemo(() => {
    const since = previousVisitAt === null ? openedAt : Date.parse(previousVisitAt)
    return (lead) => Date.parse(lead.firstSeenAt) > since
  }, [previousVisitAt, openedAt])
}
