import type { ConnectionHealth } from '../../api/schema.js'

const HEIGHT = 36
const WIDTH = 240

/**
 * Failures by hour as bars, without axes. What it shows stands beside it in words and in a table. Drawn here, for a library of
 * charts would be a tenth of what the first page loads.
 */
export function Sparkline({ hours }: { readonly hours: ConnectionHealth['failuresByHour'] }) {
  const most = Math.max(1, ...hours.map(({ failures }) => failures))
  const step = WIDTH / Math.max(1, hours.length)
  return (
    <svg
      aria-hidden
      data-sparkline
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      style={{ display: 'block', width: '100%', height: HEIGHT, borderBottom: '1px solid var(--line)' }}
    >
      {hours.map(({ hour, failures }, place) => {
        const height = failures === 0 ? 0 : Math.max(2, (failures / most) * (HEIGHT - 2))
        return (
          <rect
            key={hour}
            x={place * step + 1}
            y={HEIGHT - height}
            width={step - 2}
            height={height}
            fill="var(--bad)"
          />
        )
      })}
    </svg>
  )
}
