import { Button } from '@fluentui/react-components'
import { AddRegular } from '@fluentui/react-icons/svg/add'
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { isPlatformAdministrator, useMe } from '../../shell/operator.ts'
import { useSignOut } from '../../shell/sign-out.ts'
import { EmptyState } from '../../ui/states.tsx'
import styles from './door.module.css'
import { Door } from './door.tsx'
import { NewOperatorForm } from './new-operator-form.tsx'

/**
 * Asked first of who may work for several operators; the choice is in every address from then on. In a new installation the
 * first operator is made here.
 */
export function OperatorsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const mayAdd = isPlatformAdministrator(me)
  const isFirst = me.operators.length === 0
  const [isAdding, setIsAdding] = useState(false)
  if (mayAdd && (isFirst || isAdding))
    return (
      <Door
        title={t(isFirst ? 'operators.firstTitle' : 'operators.addTitle')}
        subtitle={t(isFirst ? 'operators.firstText' : 'operators.addText')}
      >
        <NewOperatorForm onCancel={isFirst ? undefined : () => setIsAdding(false)} />
        <SignedInAs />
      </Door>
    )
  if (isFirst)
    return (
      <Door title={t('operators.none')}>
        <EmptyState icon={<OrganizationRegular />} title={t('operators.noneYours')}>
          {t('operators.noneText')}
        </EmptyState>
        <SignedInAs />
      </Door>
    )
  return (
    <Door title={t('operators.title')} subtitle={t('operators.subtitle')}>
      <OperatorList />
      {mayAdd && (
        <Button icon={<AddRegular />} style={{ marginTop: 16 }} onClick={() => setIsAdding(true)}>
          {t('operators.addTitle')}
        </Button>
      )}
      <SignedInAs />
    </Door>
  )
}

function OperatorList() {
  const { t } = useTranslation()
  const { operators } = useMe()
  return (
    <ul className={styles.people}>
      {operators.map(({ operatorId, name, channelName }) => (
        <li key={operatorId}>
          <Link to={paths.leads} params={{ operatorId: String(operatorId) }} className={`${styles.person}`}>
            <OrganizationRegular aria-hidden="true" fontSize={28} />
            <span className={styles.personText}>
              <strong dir="auto">{name}</strong>
              <span>{channelName ?? t('operators.number', { id: operatorId })}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** There is no bar on this page: this is the way out. */
function SignedInAs() {
  const { t } = useTranslation()
  const { email } = useMe()
  const signOut = useSignOut()
  return (
    <p className={styles.foot}>
      <span>{t('operators.signedInAs', { email })}</span>
      <Link to={paths.account}>{t('person.account')}</Link>
      <button type="button" onClick={signOut}>
        {t('person.signOut')}
      </button>
    </p>
  )
}
