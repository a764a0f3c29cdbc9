import { Avatar, Button, MessageBar, MessageBarBody } from '@fluentui/react-components'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery, signInOptionsQuery } from '../../api/queries.ts'
import type { WireMe, WireSignInOptions } from '../../api/sessions.ts'
import { ProblemNotice } from '../../shell/problem-notice.tsx'
import { SignInForm } from '../../shell/sign-in-form.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import styles from './door.module.css'
import { Door } from './door.tsx'

type Filled = { email: string; password: string }

/** Mail address and password, the identity provider where there is one, and the people of a sandbox to choose from. */
export function SignInPage() {
  const { t } = useTranslation()
  const { next, error, email } = getRouteApi('/sign-in').useSearch()
  const options = useQuery(signInOptionsQuery)
  const client = useQueryClient()
  const router = useRouter()
  const [filledIn, setFilledIn] = useState<Filled>()
  const onSignedIn = async (me: WireMe) => {
    client.clear()
    client.setQueryData(meQuery.queryKey, me)
    router.history.push(next ?? '/')
  }
  const people = options.data?.samplePeople ?? []
  return (
    <Door
      title={t('signIn.title')}
      subtitle={t('signIn.subtitle')}
      beside={people.length > 0 && <SamplePeople people={people} onChoose={setFilledIn} />}
    >
      {error && (
        <MessageBar intent="error" layout="multiline" style={{ marginBottom: 16 }}>
          <MessageBarBody>
            {t(`signIn.failed.${error as 'other'}`, { defaultValue: t('signIn.failed.other', { code: error }) })}
          </MessageBarBody>
        </MessageBar>
      )}
      {options.isPending && <LoadingRows count={3} />}
      {options.isError && <ProblemNotice error={options.error} onRetry={() => void options.refetch()} />}
      {options.data?.password && <SignInForm email={email} filledIn={filledIn} onSignedIn={onSignedIn} />}
      {options.data?.password && options.data.openIdConnect && <p className={styles.or}>{t('signIn.or')}</p>}
      {options.data?.openIdConnect && <ProviderButton provider={options.data.openIdConnect} next={next} />}
    </Door>
  )
}

type Provider = NonNullable<WireSignInOptions['openIdConnect']>

function ProviderButton({ provider, next }: { provider: Provider; next: string | undefined }) {
  const { t } = useTranslation()
  const query = next ? `?${new URLSearchParams({ returnTo: next })}` : ''
  return (
    <Button as="a" href={`${provider.startUrl}${query}`} size="large" style={{ width: '100%' }}>
      {t('signIn.with', { name: provider.name })}
    </Button>
  )
}

function SamplePeople({
  people,
  onChoose,
}: {
  people: WireSignInOptions['samplePeople']
  onChoose: (filled: Filled) => void
}) {
  const { t } = useTranslation()
  return (
    <section className={styles.card} aria-labelledby="sample-people">
      <h2 id="sample-people" className={styles.sampleTitle}>
        {t('signIn.samplePeople')}
      </h2>
      <p className={styles.sampleText}>{t('signIn.samplePeopleText')}</p>
      <ul className={styles.people}>
        {people.map(({ email, name, description, password }) => (
          <li key={email}>
            <button type="button" className={styles.person} onClick={() => onChoose({ email, password })}>
              <Avatar name={name} color="colorful" size={32} aria-hidden="true" />
              <span className={styles.personText}>
                <strong>{email}</strong>
                <span>{description}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
