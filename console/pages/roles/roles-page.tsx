import { Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoleName } from '../../api/catalogue.js'
import { useRead } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { LongText } from '../../parts/long-text.js'
import { Needs } from '../../parts/needs.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { PermissionMatrix } from './permission-matrix.js'
import { type ListedRole, RoleForm } from './role-form.js'

/** Roles, system and custom, and what each allows (PRODUCT 2.6). */
export function RolesPage() {
  const { t } = useTranslation('roles')
  return (
    <Needs permission="users.view" title={t('title')}>
      <Roles />
    </Needs>
  )
}

function Roles() {
  const { t } = useTranslation('roles')
  const may = useMay()
  const { data, error, refetch } = useRead('GET /accounts/{accountId}/roles')
  const [editing, setEditing] = useState<ListedRole | 'new'>()
  const add = may('roles.manage') ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setEditing('new')}>
      {t('add')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <ProblemNote error={error} onRetry={() => void refetch()} />
      <div
        style={{
          display: 'grid',
          gap: '0.75rem',
          gridTemplateColumns: 'repeat(auto-fill, minmax(min(15rem, 100%), 1fr))',
        }}
      >
        {data?.items.map((role) => (
          <RoleCard key={role.id} role={role} onEdit={may('roles.manage') ? setEditing : undefined} />
        ))}
      </div>
      <PermissionMatrix roles={data?.items} />
      {editing === undefined ? null : (
        <RoleForm
          key={editing === 'new' ? 'new' : editing.id}
          role={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Page>
  )
}

interface RoleCardProps {
  readonly role: ListedRole
  readonly onEdit: ((role: ListedRole) => void) | undefined
}

function RoleCard({ role, onEdit }: RoleCardProps) {
  const { t } = useTranslation('roles')
  const roleName = useRoleName()
  const { key, kind, members } = role
  return (
    <section
      aria-label={roleName(role)}
      style={{
        border: '1px solid var(--line)',
        borderRadius: 8,
        background: 'var(--paper)',
        padding: '0.75rem 1rem',
        minWidth: 0,
      }}
    >
      <Text fw={600} component="div">
        <LongText text={roleName(role)} />
      </Text>
      <Text size="sm" c="var(--quiet)">
        {t(`kind.${kind}`)} · <span className="mono">{key}</span>
      </Text>
      <Text size="sm" mt={4}>
        <Link to="/users" search={{ role: key }}>
          {t('members', { count: members })}
        </Link>
      </Text>
      {kind === 'custom' && onEdit !== undefined ? (
        <Button
          mt="xs"
          size="compact-sm"
          variant="default"
          onClick={() => onEdit(role)}
          aria-label={t('changeOf', { name: role.name })}
        >
          {t('change')}
        </Button>
      ) : null}
    </section>
  )
}
