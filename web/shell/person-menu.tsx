import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components'
import { PersonSettingsRegular } from '@fluentui/react-icons/svg/person-settings'
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle'
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../paths.ts'
import { useMe } from './operator.ts'
import { useSignOut } from './sign-out.ts'
import { type ThemeChoice, themeChoices, useThemeChoice } from './theme.ts'

/** Who is signed in, the theme, the account, the way out. */
export function PersonMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const leave = useSignOut()
  const [theme, setTheme] = useThemeChoice()
  return (
    <Menu
      checkedValues={{ theme: [theme] }}
      onCheckedValueChange={(_, { checkedItems }) => setTheme((checkedItems[0] ?? 'system') as ThemeChoice)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          shape="circular"
          icon={
            <>
              <Avatar initials={initialsOf(me.name)} size={28} color="brand" aria-hidden="true" />
              <span className="only-read-aloud">{t('person.menu', { name: me.name })}</span>
            </>
          }
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList hasIcons hasCheckmarks>
          <MenuGroup>
            <MenuGroupHeader>
              {me.name} · {me.email}
            </MenuGroupHeader>
            <MenuItem icon={<PersonSettingsRegular />} onClick={() => navigate({ to: paths.account })}>
              {t('person.account')}
            </MenuItem>
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t('person.theme')}</MenuGroupHeader>
            {themeChoices.map((choice) => (
              <MenuItemRadio key={choice} name="theme" value={choice} persistOnClick>
                {t(`theme.${choice}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItemLink icon={<QuestionCircleRegular />} href="/docs" target="_blank" rel="noreferrer">
            {t('person.apiDocs')}
          </MenuItemLink>
          <MenuItem icon={<SignOutRegular />} onClick={leave}>
            {t('person.signOut')}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}

/** "NL" for Nora Lindqvist. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '')
  return letters.join('').toUpperCase()
}
