import { Avatar, Button, Group, Menu, Text, useMantineColorScheme } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Session } from '../api/session.js'
import { useUtc } from '../parts/when.js'
import { changeLanguage, LANGUAGES, type Language } from '../texts/i18n.js'

const SCHEMES = [
  ['auto', Monitor],
  ['light', Sun],
  ['dark', Moon],
] as const

/** Who looks, and how she likes to look: language, colours, time zone; and the way out. */
export function AccountMenu({ session: { user } }: { readonly session: Session }) {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [utc, setUtc] = useUtc()
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" c="inherit" px={8}>
          <Group gap={8} wrap="nowrap">
            <Avatar size={28} name={user.displayName} color="petrol" aria-hidden />
            <span className="unseen">{t('menu.open', { name: user.displayName })}</span>
            <Text size="sm" visibleFrom="sm" maw="12rem" truncate aria-hidden>
              {user.displayName}
            </Text>
          </Group>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email ?? user.displayName}</Menu.Label>
        <Menu.Item
          leftSection={<UserRound size={15} aria-hidden />}
          renderRoot={(props) => <Link to={'/me' as string} {...props} />}
        >
          {t('menu.mine')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('menu.language')}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            closeMenuOnClick={false}
            fw={i18n.language === language ? 650 : 400}
            aria-current={i18n.language === language ? 'true' : undefined}
            onClick={() => void changeLanguage(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Label>{t('menu.colours')}</Menu.Label>
        {SCHEMES.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} aria-hidden />}
            closeMenuOnClick={false}
            fw={colorScheme === scheme ? 650 : 400}
            aria-current={colorScheme === scheme ? 'true' : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`menu.scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Item closeMenuOnClick={false} onClick={() => setUtc(!utc)}>
          {t(utc ? 'menu.localTime' : 'menu.utc')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={signOut}>
          {t('menu.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** A form rather than a call: the server may lead on to the identity provider, which signs the person out as well. */
function signOut(): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/sign-out'
  document.body.append(form)
  form.submit()
}
