import { tokens } from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons/svg/arrow-left'
import { useTranslation } from 'react-i18next'
import { paths } from '../../paths.ts'
import { useMe } from '../../shell/operator.ts'
import { useRoleWords } from '../../shell/role-words.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { MailSection } from './mail-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { SecondFactorSection } from './second-factor-section.tsx'
import { SessionsSection } from './sessions-section.tsx'

/** One's own account: who one is, password, second factor, where one is signed in. */
export function AccountPage() {
  const { t } = useTranslation()
  const me = useMe()
  const roleWords = useRoleWords()
  return (
    <main
      style={{
        display: 'flex',
        justifyContent: 'center',
        height: '100%',
        background: tokens.colorNeutralBackground3,
      }}
    >
      <div style={{ display: 'flex', flex: 1, maxWidth: 820, minHeight: 0 }}>
        <Page
          narrow
          title={t('person.account')}
          actions={
            <LinkButton to={paths.home} icon={<ArrowLeftRegular />}>
              {t('account.back')}
            </LinkButton>
          }
        >
          <Section title={me.name}>
            <Facts>
              <Fact name={t('signIn.email')}>{me.email}</Fact>
              {me.memberships.map((membership) => (
                <Fact
                  key={`${membership.operatorId} ${membership.tier}`}
                  name={membership.operatorName ?? t('account.everywhere')}
                >
                  {roleWords(membership)}
                </Fact>
              ))}
            </Facts>
          </Section>
          {me.hasPassword && <PasswordSection />}
          {me.hasPassword && <SecondFactorSection />}
          <MailSection />
          <SessionsSection />
        </Page>
      </div>
    </main>
  )
}
