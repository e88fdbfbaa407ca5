import { Anchor, AppShell, Burger, Center, Group, Loader, NavLink, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type Session, SessionContext, useMay, useSessionQuery } from '../api/session.js'
import { Announcer } from '../parts/announce.js'
import { ProblemNote } from '../parts/problem-note.js'
import { AccountMenu } from './account-menu.js'
import { NAVIGATION } from './navigation.js'
import { PaletteButton } from './palette-button.js'
import { SignedOut } from './signed-out.js'

const SIGN_IN_CODES = new Set(['no_session'])

/** Everything around a page: the session, the way through the console, and what is said when either is lost. */
export function Shell() {
  const { data: session, error, refetch } = useSessionQuery()
  const signedOut = error !== null && SIGN_IN_CODES.has((error as { problem?: { code: string } }).problem?.code ?? '')
  if (session === undefined)
    return (
      <Center mih="60vh" p="md">
        {signedOut ? (
          <SignedOut first />
        ) : error ? (
          <ProblemNote error={error} onRetry={() => void refetch()} />
        ) : (
          <Loader />
        )}
      </Center>
    )
  return (
    <SessionContext.Provider value={session}>
      <Frame session={session} />
      {signedOut ? <SignedOut /> : null}
      <Announcer />
    </SessionContext.Provider>
  )
}

function Frame({ session }: { readonly session: Session }) {
  const { t } = useTranslation()
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a phone closes when the page changes
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 236, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <AppShell.Header style={{ background: 'var(--paper)', borderColor: 'var(--line)' }}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('nav.menu')} />
            <Anchor component={Link} to="/" underline="never" c="inherit">
              <Group gap={8} wrap="nowrap">
                <img src="/icon.svg" alt="" width={26} height={26} />
                <Text fw={650}>Usher</Text>
              </Group>
            </Anchor>
            <Text c="var(--quiet)" truncate>
              {session.account.name}
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            <PaletteButton />
            <AccountMenu session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" style={{ background: 'var(--ground)', borderColor: 'var(--line)', overflowY: 'auto' }}>
        <Navigation pathname={pathname} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <div style={{ maxWidth: '76rem', marginInline: 'auto' }}>
          <Suspense fallback={<div style={{ minHeight: '60vh' }} />}>
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

function Navigation({ pathname }: { readonly pathname: string }) {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <nav aria-label={t('nav.label')}>
      {NAVIGATION.map(([group, places]) => {
        const shown = places.filter(({ needs }) => needs === undefined || may(needs))
        if (shown.length === 0) return null
        return (
          <div key={group} style={{ marginBottom: 12 }}>
            {group === 'top' ? null : (
              <Text size="xs" c="var(--quiet)" fw={600} px={10} mb={2} id={`nav-${group}`}>
                {t(`nav.group.${group}`)}
              </Text>
            )}
            {shown.map(({ to, text, icon: Icon, count: Count }) => (
              <NavLink
                key={to}
                renderRoot={(props) => <Link to={to} {...props} />}
                label={t(`nav.${text}`)}
                leftSection={<Icon size={17} aria-hidden />}
                rightSection={Count === undefined ? null : <Count />}
                active={isHere(pathname, to)}
                aria-current={isHere(pathname, to) ? 'page' : undefined}
                style={{ borderRadius: 6 }}
                py={6}
              />
            ))}
          </div>
        )
      })}
    </nav>
  )
}

function isHere(pathname: string, to: string): boolean {
  return to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`)
}
