import type { ReactNode } from 'react'

/** Names and values, one below the other on a phone, side by side where there is room; null is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl
      style={{
        display: 'grid',
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(14rem, 100%), 1fr))',
        gap: '0.75rem 1.5rem',
        margin: '1rem 0 0',
      }}
    >
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} style={{ minWidth: 0 }}>
            <dt style={{ color: 'var(--quiet)', fontSize: '0.8125rem' }}>{name}</dt>
            <dd className="number" style={{ margin: 0 }}>
              {value}
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}
