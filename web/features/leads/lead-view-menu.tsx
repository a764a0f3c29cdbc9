import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { BookmarkRegular } from '@fluentui/react-icons/svg/bookmark'
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down'
import { DeleteRegular } from '@fluentui/react-icons/svg/delete'
import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed'
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team'
import { RenameRegular } from '@fluentui/react-icons/svg/rename'
import { SaveRegular } from '@fluentui/react-icons/svg/save'
import { SaveEditRegular } from '@fluentui/react-icons/svg/save-edit'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { memo, type ReactElement, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { viewsQuery } from '../../api/queries.ts'
import type { ViewList, WireView } from '../../api/views.ts'
import { paths } from '../../paths.ts'
import { useMe, useOperator } from '../../shell/operator.ts'
import type { Verdict } from '../../shell/permitted.tsx'
import '../../words/en-views.ts'
import { type LeadSearch, NO_VIEW } from './lead-search.ts'
import { isChanged, readView, viewIdOf } from './lead-view.ts'
import { DeleteViewDialog, RenameViewDialog, SaveViewDialog } from './lead-view-dialogs.tsx'
import { LeadViewNotice } from './lead-view-notice.tsx'
import styles from './lead-views.module.css'
import { hasOtherColumns, type LeadLayout } from './use-lead-layout.ts'
import { useViewActions } from './use-view-actions.ts'

type LeadViewMenuProps = { layout: LeadLayout; search: LeadSearch; onSearch: (search: LeadSearch) => void }
type Asked = 'save-as' | 'rename' | 'delete'

/** Views to choose from, and what can be done with the one that was chosen. The address is the truth: a view only sets it. */
export function LeadViewMenu({ layout, search, onSearch }: LeadViewMenuProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const views = useQuery(viewsQuery(operatorId))
  const [asked, setAsked] = useState<Asked | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const { view, list } = layout
  const isGone = views.isSuccess && viewIdOf(search) !== undefined && view === undefined
  const isModified = view !== undefined && (isChanged(search, view) || hasOtherColumns(layout))
  const name = view?.name ?? t(isGone ? 'views.gone' : `views.all.${list}`)
  const leave = () => onSearch({ ...search, view: NO_VIEW })
  return (
    <>
      <ViewButton name={name} isModified={isModified} isOpen={isOpen} onOpen={setIsOpen}>
        {isOpen && (
          <ViewItems
            views={views.data ?? []}
            layout={layout}
            search={search}
            onAsk={setAsked}
            isModified={isModified}
          />
        )}
      </ViewButton>
      <LeadViewNotice layout={layout} isGone={isGone} onLeave={leave} />
      {asked === 'save-as' && <SaveViewDialog layout={layout} search={search} onClose={() => setAsked(null)} />}
      {asked === 'rename' && view && <RenameViewDialog view={view} onClose={() => setAsked(null)} />}
      {asked === 'delete' && view && <DeleteViewDialog view={view} onDeleted={leave} onClose={() => setAsked(null)} />}
    </>
  )
}

type ViewButtonProps = {
  name: string
  isModified: boolean
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  children: ReactNode
}

/** Not drawn again for every letter of a search. */
const ViewButton = memo(function ViewButton({ name, isModified, isOpen, onOpen, children }: ViewButtonProps) {
  const { t } = useTranslation()
  return (
    <Menu open={isOpen} onOpenChange={(_, { open }) => onOpen(open)} positioning="below-start">
      <MenuTrigger disableButtonEnhancement>
        <Button
          size="small"
          className={`${styles.button}`}
          icon={<BookmarkRegular fontSize={16} />}
          aria-label={`${t('views.menu', { name })}${isModified ? `, ${t('views.changed')}` : ''}`}
        >
          <span className={styles.name}>{name}</span>
          {isModified && <span className={styles.changed}>{t('views.changed')}</span>}
          <ChevronDownRegular className={`${styles.chevron}`} />
        </Button>
      </MenuTrigger>
      <MenuPopover className={`${styles.popover}`}>{children}</MenuPopover>
    </Menu>
  )
})

type ViewItemsProps = {
  views: readonly WireView[]
  layout: LeadLayout
  search: LeadSearch
  isModified: boolean
  onAsk: (what: Asked) => void
}

function ViewItems({ views, layout, search, isModified, onAsk }: ViewItemsProps) {
  const { t } = useTranslation()
  const { operatorId } = useOperator()
  const choose = useChooseView()
  const defaultId = useDefaultView(layout.list)
  const { list, view } = layout
  const groups = [
    { words: t('views.mine'), views: views.filter(({ shared }) => !shared) },
    { words: t('views.shared'), views: views.filter(({ shared }) => shared) },
  ]
  return (
    <MenuList
      hasCheckmarks
      hasIcons
      checkedValues={{ view: [view?.id ?? NO_VIEW], begin: defaultId && defaultId === view?.id ? ['begin'] : [] }}
    >
      <MenuItemRadio name="view" value={NO_VIEW} onClick={() => choose(list, defaultId ? { view: NO_VIEW } : {})}>
        {t(`views.all.${list}`)}
      </MenuItemRadio>
      {groups.map(
        (group) =>
          group.views.length > 0 && (
            <MenuGroup key={group.words}>
              <MenuGroupHeader>{group.words}</MenuGroupHeader>
              {group.views.map((one) => (
                <MenuItemRadio
                  key={one.id}
                  name="view"
                  value={one.id}
                  {...(one.list !== list && {
                    secondaryContent: t(one.list === 'tenants' ? 'views.ofTenants' : 'views.ofLeads'),
                  })}
                  {...(one.id === defaultId && { secondaryContent: t('views.begins') })}
                  onClick={() => {
                    layout.showInView(null)
                    choose(one.list, readView(one).search)
                  }}
                >
                  <span dir="auto">{one.name}</span>
                </MenuItemRadio>
              ))}
            </MenuGroup>
          ),
      )}
      {views.length === 0 && <MenuGroupHeader>{t('views.none')}</MenuGroupHeader>}
      <MenuDivider />
      <ViewActions key={operatorId} {...{ layout, search, isModified, onAsk, defaultId }} />
    </MenuList>
  )
}

type ViewActionsProps = Omit<ViewItemsProps, 'views'> & { defaultId: string | undefined }

function ViewActions({ layout, search, isModified, onAsk, defaultId }: ViewActionsProps) {
  const { t } = useTranslation()
  const { can } = useOperator()
  const { save, share, begin } = useViewActions(layout, search)
  const choose = useChooseView()
  const { view, list } = layout
  const saveAs = (
    <MenuItem icon={<SaveEditRegular />} onClick={() => onAsk('save-as')}>
      {t('views.saveAs')}
    </MenuItem>
  )
  if (!view) return saveAs
  const mayChange = view.actions.updateView
  const mayShare: Verdict = can('views.share')
    ? { allowed: true }
    : { allowed: false, reason: t('permission.missing', { permission: 'views.share' }) }
  const mayUnshare: Verdict = view.isOwn
    ? mayChange
    : { allowed: false, reason: t('views.onlyMaker', { name: view.createdBy }) }
  return (
    <>
      <Permitted
        icon={<SaveRegular />}
        words={t('views.save')}
        verdict={isModified ? mayChange : { allowed: false, reason: t('views.nothingToSave') }}
        onClick={save}
      />
      {isModified && (
        <MenuItem
          icon={<ArrowResetRegular />}
          onClick={() => {
            layout.showInView(null)
            choose(list, readView(view).search)
          }}
        >
          {t('views.undo')}
        </MenuItem>
      )}
      {saveAs}
      <Permitted
        icon={<RenameRegular />}
        words={t('views.rename')}
        verdict={mayChange}
        onClick={() => onAsk('rename')}
      />
      {view.shared ? (
        <Permitted
          icon={<LockClosedRegular />}
          words={t('views.unshare')}
          verdict={mayUnshare}
          onClick={() => share(false)}
        />
      ) : (
        <Permitted
          icon={<PeopleTeamRegular />}
          words={t('views.share')}
          verdict={mayShare}
          onClick={() => share(true)}
        />
      )}
      <Permitted
        icon={<DeleteRegular />}
        words={t('views.delete')}
        verdict={view.actions.deleteView}
        onClick={() => onAsk('delete')}
      />
      <MenuDivider />
      <MenuItemCheckbox name="begin" value="begin" onClick={() => begin(defaultId === view.id ? null : view)}>
        {t('views.beginWith')}
      </MenuItemCheckbox>
    </>
  )
}

type PermittedProps = { icon: ReactElement; words: string; verdict: Verdict; onClick: () => void }

/** Greyed with its reason, on hover and focus, while it is not allowed. */
function Permitted({ icon, words, verdict, onClick }: PermittedProps) {
  const { t } = useTranslation()
  if (verdict.allowed) {
    return (
      <MenuItem icon={icon} onClick={onClick}>
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

/** Sets the address of a list, as a view says it. */
function useChooseView(): (list: ViewList, search: LeadSearch) => void {
  const navigate = useNavigate()
  const { operatorId } = useOperator()
  return (list, search) =>
    void navigate({
      to: list === 'tenants' ? paths.tenants : paths.leads,
      params: { operatorId: String(operatorId) },
      search,
    })
}

/** The view that a list begins with for this person. */
function useDefaultView(list: ViewList): string | undefined {
  const { operatorId } = useOperator()
  const { defaultViews } = useMe().preferences
  return defaultViews.find((one) => one.operatorId === operatorId && one.list === list)?.viewId
}
