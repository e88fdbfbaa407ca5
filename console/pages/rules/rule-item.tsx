import { ActionIcon, Anchor, Group, Menu, Text, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp, CircleAlert, CirclePause, Ellipsis, GripVertical } from 'lucide-react'
import type { HTMLAttributes, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../api/schema.js'
import { Mark } from '../../parts/marks.js'
import { useConditionWords, useEffectWords } from './use-words.js'

interface RuleItemProps {
  readonly rule: Rule
  readonly connectionId: string
  /** Undefined for who may not move it. */
  readonly moving:
    | {
        readonly handle: HTMLAttributes<HTMLElement>
        readonly isFirst: boolean
        readonly isLast: boolean
        readonly onUp: () => void
        readonly onDown: () => void
        readonly onChoose: () => void
      }
    | undefined
  readonly line: 'before' | 'after' | undefined
  readonly isDragged: boolean
}

const LINE_COLOUR = 'var(--mantine-primary-color-filled)'

/** One rule in its place: whom it means, what they get, and how it is moved. */
export function RuleItem({ rule, connectionId, moving, line, isDragged }: RuleItemProps) {
  const { t } = useTranslation('rules')
  const effects = useEffectWords()
  return (
    <li
      data-rule={rule.id}
      style={{
        borderTop: rule.priority === 1 ? 'none' : '1px solid var(--line)',
        boxShadow: line === undefined ? 'none' : `inset 0 ${line === 'before' ? 2 : -2}px 0 ${LINE_COLOUR}`,
        opacity: isDragged ? 0.5 : 1,
        listStyle: 'none',
      }}
    >
      <Group wrap="nowrap" align="flex-start" gap="xs" py={10} px="xs">
        {moving === undefined ? null : <Handle {...moving.handle} />}
        <Text className="number" fw={600} w="1.25rem" ta="end" c="var(--quiet)" style={{ flex: 'none' }}>
          {rule.priority}
        </Text>
        <Group flex={1} miw={0} gap={0} align="flex-start">
          <div style={{ flex: '3 1 15rem', minWidth: 0, paddingInlineEnd: '1.5rem' }}>
            <Anchor component={Link} to={`/rules/${connectionId}/${rule.id}`} c="inherit" fw={550}>
              <ConditionText condition={rule.condition} />
            </Anchor>
            {rule.note === null || rule.note === '' ? null : (
              <Text size="sm" c="var(--quiet)" lineClamp={3}>
                <bdi>{rule.note}</bdi>
              </Text>
            )}
            <RuleMarks rule={rule} />
          </div>
          <Text style={{ flex: '2 1 12rem', minWidth: 0 }}>{t('gets', { effects: effects(rule.effects) })}</Text>
        </Group>
        {moving === undefined ? null : <Moves rule={rule} moving={moving} />}
      </Group>
    </li>
  )
}

/** In words, or the filter itself. */
export function ConditionText({ condition }: { readonly condition: string | null }): ReactNode {
  const words = useConditionWords()(condition)
  return words ?? <code className="mono">{condition}</code>
}

function Handle(props: HTMLAttributes<HTMLElement>) {
  return (
    <span
      {...props}
      data-handle
      // What a handle does, the buttons at the other end of the row do as well, so it need not be found by keyboard.
      aria-hidden
      style={{
        cursor: 'grab',
        touchAction: 'none',
        display: 'grid',
        placeItems: 'center',
        width: 24,
        height: 28,
        flex: 'none',
        color: 'var(--quiet)',
      }}
    >
      <GripVertical size={16} />
    </span>
  )
}

function RuleMarks({ rule }: { readonly rule: Rule }) {
  const { t } = useTranslation('rules')
  if (rule.enabled && rule.state === 'ok') return null
  return (
    <Text size="sm" component="div">
      {rule.enabled ? null : (
        <Mark tone="quiet" icon={CirclePause}>
          {t('off')}
        </Mark>
      )}
      {rule.state === 'ok' ? null : (
        <>
          <Mark tone="bad" icon={CircleAlert}>
            {t('broken')}
          </Mark>{' '}
          {t('brokenWhy')}
        </>
      )}
    </Text>
  )
}

function Moves({ rule, moving }: { rule: Rule; moving: NonNullable<RuleItemProps['moving']> }) {
  const { t } = useTranslation('rules')
  const { priority } = rule
  // A button that is switched off loses the focus; these stay where they are and say that they do nothing now.
  const step = (name: string, label: string, icon: ReactNode, isOff: boolean, onClick: () => void) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={28}
        data-move={name}
        aria-label={label}
        aria-disabled={isOff}
        style={isOff ? { opacity: 0.35, cursor: 'default', background: 'none' } : undefined}
        onClick={() => !isOff && onClick()}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
  return (
    <Group gap={2} wrap="nowrap" style={{ flex: 'none' }}>
      {step('up', t('moveUp', { priority }), <ArrowUp size={16} aria-hidden />, moving.isFirst, moving.onUp)}
      {step('down', t('moveDown', { priority }), <ArrowDown size={16} aria-hidden />, moving.isLast, moving.onDown)}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="inherit"
            size={28}
            aria-label={t('more', { priority })}
            data-move="more"
          >
            <Ellipsis size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={moving.onChoose}>{t('moveTo.open')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
